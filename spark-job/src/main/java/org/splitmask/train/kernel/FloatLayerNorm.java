/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation on float32. Rows stream through arrays in blocks of the nearest cache's size;
 * γ and β are repeated for each row of a block, as C2 vectorises a loop only where all arrays have
 * the same index.
 */
final class FloatLayerNorm {
  /** Rows whose sums of γ's and β's gradients are added up apart, whatever the threads. */
  private static final int ROWS = 512;

  private FloatLayerNorm() {}

  static void forward(
      INDArray x,
      INDArray gamma,
      INDArray beta,
      double epsilon,
      INDArray y,
      INDArray mean,
      INDArray inverseDeviation) {
    int width = (int) gamma.length();
    int block = blockRows(width);
    FloatBuffer in = Blas.buffer(x);
    FloatBuffer out = Blas.buffer(y);
    FloatBuffer means = Blas.buffer(mean);
    FloatBuffer deviations = Blas.buffer(inverseDeviation);
    Parts.within((int) mean.length(), ROWS)
        .each(
            (from, to) -> {
              float[] values = FloatKernels.scratch(0, block * width);
              float[] scale = FloatKernels.repeated(gamma, 1, block);
              float[] shift = FloatKernels.repeated(beta, 2, block);
              for (int row = from; row < to; row += block) {
                int rows = Math.min(block, to - row);
                in.get(row * width, values, 0, rows * width);
                for (int r = 0; r < rows; r++) {
                  int at = r * width;
                  float average = FloatMath.sum(values, at, at + width) / width;
                  double variance =
                      FloatMath.squaredDistance(values, at, at + width, average) / width;
                  float inverse = (float) (1 / Math.sqrt(variance + epsilon));
                  FloatMath.shiftAndScale(values, at, at + width, average, inverse);
                  means.put(row + r, average);
                  deviations.put(row + r, inverse);
                }
                FloatMath.multiplyAndAdd(values, scale, shift, rows * width);
                out.put(row * width, values, 0, rows * width);
              }
            });
  }

  static void backward(
      INDArray x,
      INDArray dy,
      INDArray gamma,
      INDArray mean,
      INDArray inverseDeviation,
      @Nullable INDArray residual,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta) {
    int width = (int) gamma.length();
    Parts parts = Parts.within((int) mean.length(), ROWS);
    float[][] scaleGradients = new float[parts.count()][width];
    float[][] shiftGradients = new float[parts.count()][width];
    FloatBuffer in = Blas.buffer(x);
    FloatBuffer upstream = Blas.buffer(dy);
    FloatBuffer added = residual == null ? null : Blas.buffer(residual);
    FloatBuffer out = Blas.buffer(dx);
    FloatBuffer means = Blas.buffer(mean);
    FloatBuffer deviations = Blas.buffer(inverseDeviation);
    parts.each(
        (from, to) -> {
          int block = blockRows(width);
          int length = block * width;
          float[] hat = FloatKernels.scratch(0, length);
          float[] g = FloatKernels.scratch(1, length);
          float[] scale = FloatKernels.repeated(gamma, 2, block);
          float[] sumOfScale = zeros(3, length);
          float[] sumOfShift = zeros(4, length);
          float[] sum = FloatKernels.scratch(5, length);
          for (int row = from; row < to; row += block) {
            int rows = Math.min(block, to - row);
            int count = rows * width;
            in.get(row * width, hat, 0, count);
            upstream.get(row * width, g, 0, count);
            for (int r = 0; r < rows; r++) {
              float average = means.get(row + r);
              float inverse = deviations.get(row + r);
              FloatMath.shiftAndScale(hat, r * width, (r + 1) * width, average, inverse);
            }
            FloatMath.addProducts(sumOfScale, g, hat, count);
            FloatMath.add(sumOfShift, g, count);
            FloatMath.multiply(g, scale, count);
            for (int r = 0; r < rows; r++) {
              int at = r * width;
              float average = FloatMath.sum(g, at, at + width) / width;
              float correlation = FloatMath.dot(g, hat, at, at + width) / width;
              float inverse = deviations.get(row + r);
              FloatMath.project(g, hat, at, at + width, average, correlation, inverse);
            }
            if (added != null) {
              added.get(row * width, sum, 0, count);
              FloatMath.add(g, sum, count);
            }
            out.put(row * width, g, 0, count);
          }
          int part = from / parts.size();
          fold(sumOfScale, length, scaleGradients[part]);
          fold(sumOfShift, length, shiftGradients[part]);
        });
    Blas.buffer(dGamma).put(0, FloatMath.total(scaleGradients));
    Blas.buffer(dBeta).put(0, FloatMath.total(shiftGradients));
  }

  private static int blockRows(int width) {
    return Math.max(1, FloatKernels.BLOCK / width);
  }

  private static float[] zeros(int which, int length) {
    float[] values = FloatKernels.scratch(which, length);
    Arrays.fill(values, 0, length, 0f);
    return values;
  }

  /** Adds up the rows of a block. */
  private static void fold(float[] rows, int length, float[] sums) {
    for (int at = 0; at < length; at += sums.length) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += rows[at + i];
      }
    }
  }
}
