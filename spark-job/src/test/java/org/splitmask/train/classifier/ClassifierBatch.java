/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import org.splitmask.train.batch.MiniBatch;

/**
 * Pictures and their classes.
 *
 * @param images N
 * @param patches [N, L, P·P·C], normalised, row-major
 * @param classes [N]
 */
public record ClassifierBatch(int images, float[] patches, int[] classes) implements MiniBatch {}
