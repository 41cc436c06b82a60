/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Softmax of rows, and the cross-entropy over it, on float32. */
final class FloatSoftmax {
  /** Values that a part of the cross-entropy's rows holds; the second-level cache's size. */
  private static final int VALUES = 1 << 18;

  private FloatSoftmax() {}

  /** The softmax of each row of a [rows, width] block, in place. */
  static void rows(float[] block, int rows, int width) {
    for (int row = 0; row < rows * width; row += width) {
      FloatMath.subtract(block, row, row + width, FloatMath.max(block, row, row + width));
    }
    FloatMath.exp(block, rows * width);
    for (int row = 0; row < rows * width; row += width) {
      FloatMath.scale(block, row, row + width, 1f / FloatMath.sum(block, row, row + width));
    }
  }

  /** The gradient of scores with the softmax p, p ∘ (g − rowsum(g ∘ p)), in place of g. */
  static void gradient(float[] p, float[] g, int rows, int width) {
    for (int row = 0; row < rows * width; row += width) {
      float dot = FloatMath.dot(p, g, row, row + width);
      FloatMath.centreAndWeigh(g, p, row, row + width, dot);
    }
  }

  static double crossEntropy(INDArray logits, int[] targets, double scale) {
    int classes = (int) logits.size(1);
    FloatBuffer buffer = Blas.buffer(logits);
    double[] losses = new double[targets.length];
    Parts.within(targets.length, VALUES / classes)
        .each(
            (from, to) -> {
              float[] row = FloatKernels.scratch(0, classes);
              for (int r = from; r < to; r++) {
                buffer.get(r * classes, row, 0, classes);
                losses[r] = crossEntropy(row, classes, targets[r], scale);
                buffer.put(r * classes, row, 0, classes);
              }
            });
    double loss = 0;
    for (double ofRow : losses) {
      loss += ofRow;
    }
    return loss;
  }

  /** The loss of one row, which is overwritten by its gradient. */
  private static double crossEntropy(float[] row, int classes, int target, double scale) {
    float max = FloatMath.max(row, 0, classes);
    double shifted = (double) row[target] - max;
    FloatMath.subtract(row, 0, classes, max);
    FloatMath.exp(row, classes);
    float sum = FloatMath.sum(row, 0, classes);
    FloatMath.scale(row, 0, classes, (float) (scale / sum));
    row[target] -= (float) scale;
    return Math.log(sum) - shifted;
  }
}
