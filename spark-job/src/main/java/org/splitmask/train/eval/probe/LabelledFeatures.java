/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

/**
 * Features with their classes, in a canonical order.
 *
 * @param features [N, D] row-major; not copied, so not to be written to
 * @param width D
 * @param labels [N] class indices; likewise
 */
// Arrays, because these are matrices for BLAS.
@SuppressWarnings("ArrayRecordComponent")
public record LabelledFeatures(float[] features, int width, int[] labels) {
  /** N. */
  public int rows() {
    return labels.length;
  }
}
