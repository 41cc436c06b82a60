/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import org.splitmask.train.batch.MiniBatch;

/**
 * What one local step reads. B sequences: 2N, the A branch of every image and then the B branch, or
 * N where images are not split.
 *
 * @param images N
 * @param patches [N, L, P·P·C], normalised, row-major
 * @param visible [B, K] patch indices, ascending
 * @param labels [B, L] the token to inpaint, or -1 where the branch sees the patch
 * @param seeds [B], for what is drawn inside the network
 */
public record SplitMaskBatch(
    int images, float[] patches, int[][] visible, int[][] labels, long[] seeds)
    implements MiniBatch {}
