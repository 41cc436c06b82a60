/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import org.splitmask.train.target.Codebook;

/**
 * A vocabulary and what it was made of.
 *
 * @param patches that were looked at
 * @param pictures that they came from
 * @param meanDistance of a patch to its centroid, 1 − cosine; 0 for random patches
 */
public record FittedCodebook(Codebook codebook, long patches, int pictures, double meanDistance) {}
