/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.FloatMath;
import org.splitmask.train.kernel.library.FloatScratch;
import org.splitmask.train.kernel.library.Parts;

/** Softmax of rows, and the cross-entropy over it, on float32. */
final class FloatSoftmax {
  /** Values that a part of the cross-entropy's rows holds; the second-level cache's size. */
  private static final int VALUES = 1 << 18;

  /** e^-8, down to which exponentials are as precise as at 1. */
  private static final float SMALLEST_SUM = 3.4e-4f;

  private FloatSoftmax() {}

  /**
   * The softmax of each row of a [rows, width] block. All rows are shifted by the block's largest
   * score, in loops over the whole block, which are several times faster than loops over rows. A
   * row that lies so far below it that precision is lost is taken again on its own.
   *
   * @param scores the block, which is read again where a row is
   * @param at the block's first element there
   * @param p the block; afterwards the probabilities
   */
  static void rows(FloatBuffer scores, int at, float[] p, int rows, int width) {
    int length = rows * width;
    FloatMath.exp(p, 0, length, FloatMath.max(p, 0, length));
    for (int row = 0; row < length; row += width) {
      float sum = FloatMath.sum(p, row, row + width);
      if (!(sum >= SMALLEST_SUM)) {
        scores.get(at + row, p, row, width);
        FloatMath.exp(p, row, row + width, FloatMath.max(p, row, row + width));
        sum = FloatMath.sum(p, row, row + width);
      }
      FloatMath.scale(p, row, row + width, 1f / sum);
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
              float[] row = FloatScratch.array(0, classes);
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
    FloatMath.exp(row, 0, classes, max);
    float sum = FloatMath.sum(row, 0, classes);
    FloatMath.scale(row, 0, classes, (float) (scale / sum));
    row[target] -= (float) scale;
    return Math.log(sum) - shifted;
  }
}
