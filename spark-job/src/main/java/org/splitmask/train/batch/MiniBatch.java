/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/**
 * What one local step reads.
 *
 * @param images N
 * @param patches [N, L, P·P·C], normalised, row-major
 * @param visible [2N, K] patch indices, ascending; the A branch of every image, then the B branch
 * @param labels [2N, L] the token to inpaint, or -1 where the branch sees the patch
 */
public record MiniBatch(int images, float[] patches, int[][] visible, int[][] labels) {}
