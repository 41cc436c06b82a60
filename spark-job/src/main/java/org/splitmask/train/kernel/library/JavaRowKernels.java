/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas.Matrix;

/**
 * In Java, but for the products. Rows stream through arrays in blocks of the nearest cache's size;
 * γ and β are repeated for each row of a block, as C2 vectorises a loop only where all arrays have
 * the same index.
 */
final class JavaRowKernels implements RowKernels {
  private final CpuLibrary library;

  /**
   * With a library's products.
   *
   * @param library that multiplies
   */
  JavaRowKernels(CpuLibrary library) {
    this.library = library;
  }

  /** The product is added to the bias and the residual, which are there already. */
  @Override
  public void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y,
      int from,
      int to) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    library.multiply(
        to - from,
        out,
        in,
        1f,
        Matrix.of(x, Blas.element(from, in), in),
        Matrix.of(weight, 0, in).transposed(),
        write(bias, residual, y, from, to) ? 1f : 0f,
        Matrix.of(y, Blas.element(from, out), out));
  }

  /** Writes bias plus residual; whether there is either. */
  private static boolean write(
      @Nullable INDArray bias, @Nullable INDArray residual, INDArray y, int from, int to) {
    int width = (int) y.size(-1);
    FloatBuffer into = Blas.buffer(y);
    if (residual != null) {
      into.put(from * width, Blas.buffer(residual), from * width, (to - from) * width);
    }
    if (bias == null) {
      return residual != null;
    }
    float[] shift = FloatScratch.array(0, width);
    NativeMemory.copy(bias, 0, shift, 0, width);
    float[] sums = FloatScratch.array(1, width);
    for (int row = from; row < to; row++) {
      if (residual == null) {
        into.put(row * width, shift, 0, width);
      } else {
        into.get(row * width, sums, 0, width);
        FloatMath.add(sums, shift, width);
        into.put(row * width, sums, 0, width);
      }
    }
    return true;
  }

  @Override
  public void layerNorm(Normalisation norm, INDArray beta, INDArray y, int from, int to) {
    int width = norm.width();
    int block = blockRows(width);
    FloatBuffer in = Blas.buffer(norm.x());
    FloatBuffer out = Blas.buffer(y);
    FloatBuffer means = Blas.buffer(norm.mean());
    FloatBuffer variances = Blas.buffer(norm.variance());
    float[] values = FloatScratch.array(0, block * width);
    float[] scale = FloatScratch.repeated(norm.gamma(), 1, block);
    float[] shift = FloatScratch.repeated(beta, 2, block);
    for (int row = from; row < to; row += block) {
      int rows = Math.min(block, to - row);
      in.get(row * width, values, 0, rows * width);
      for (int r = 0; r < rows; r++) {
        int at = r * width;
        float mean = FloatMath.sum(values, at, at + width) / width;
        float variance = FloatMath.squaredDistance(values, at, at + width, mean) / width;
        FloatMath.shiftAndScale(values, at, at + width, mean, inverseRoot(variance, norm));
        means.put(row + r, mean);
        variances.put(row + r, variance);
      }
      FloatMath.multiplyAndAdd(values, scale, shift, rows * width);
      out.put(row * width, values, 0, rows * width);
    }
  }

  @Override
  public void layerNormBackward(
      Normalisation norm,
      INDArray dy,
      INDArray dx,
      float[] dGamma,
      float[] dBeta,
      int from,
      int to) {
    int width = norm.width();
    int block = blockRows(width);
    int length = block * width;
    FloatBuffer in = Blas.buffer(norm.x());
    FloatBuffer upstream = Blas.buffer(dy);
    FloatBuffer out = Blas.buffer(dx);
    FloatBuffer means = Blas.buffer(norm.mean());
    FloatBuffer variances = Blas.buffer(norm.variance());
    float[] hat = FloatScratch.array(0, length);
    float[] g = FloatScratch.array(1, length);
    float[] scale = FloatScratch.repeated(norm.gamma(), 2, block);
    float[] sumOfScale = zeros(3, length);
    float[] sumOfShift = zeros(4, length);
    for (int row = from; row < to; row += block) {
      int rows = Math.min(block, to - row);
      int count = rows * width;
      in.get(row * width, hat, 0, count);
      upstream.get(row * width, g, 0, count);
      for (int r = 0; r < rows; r++) {
        float inverse = inverseRoot(variances.get(row + r), norm);
        FloatMath.shiftAndScale(hat, r * width, (r + 1) * width, means.get(row + r), inverse);
      }
      FloatMath.addProducts(sumOfScale, g, hat, count);
      FloatMath.add(sumOfShift, g, count);
      FloatMath.multiply(g, scale, count);
      for (int r = 0; r < rows; r++) {
        int at = r * width;
        float average = FloatMath.sum(g, at, at + width) / width;
        float correlation = FloatMath.dot(g, hat, at, at + width) / width;
        float inverse = inverseRoot(variances.get(row + r), norm);
        FloatMath.project(g, hat, at, at + width, average, correlation, inverse);
      }
      out.put(row * width, g, 0, count);
    }
    fold(sumOfScale, length, dGamma);
    fold(sumOfShift, length, dBeta);
  }

  @Override
  public void gelu(INDArray hidden, INDArray y, long from, long to) {
    FloatBuffer in = Blas.buffer(hidden);
    FloatBuffer out = Blas.buffer(y);
    float[] values = FloatScratch.array(0, FloatScratch.BLOCK);
    for (long at = from; at < to; at += FloatScratch.BLOCK) {
      int count = (int) Math.min(FloatScratch.BLOCK, to - at);
      int place = (int) at; // a buffer has no more
      in.get(place, values, 0, count);
      FloatMath.gelu(values, count);
      out.put(place, values, 0, count);
    }
  }

  @Override
  public void geluBackward(INDArray hidden, INDArray gradient, long from, long to) {
    FloatBuffer in = Blas.buffer(hidden);
    FloatBuffer out = Blas.buffer(gradient);
    float[] factors = FloatScratch.array(0, FloatScratch.BLOCK);
    float[] values = FloatScratch.array(1, FloatScratch.BLOCK);
    for (long at = from; at < to; at += FloatScratch.BLOCK) {
      int count = (int) Math.min(FloatScratch.BLOCK, to - at);
      int place = (int) at; // a buffer has no more
      in.get(place, factors, 0, count);
      out.get(place, values, 0, count);
      FloatMath.geluSlope(factors, count);
      FloatMath.multiply(values, factors, count);
      out.put(place, values, 0, count);
    }
  }

  private static float inverseRoot(float variance, Normalisation norm) {
    return (float) (1 / Math.sqrt(variance + norm.epsilon()));
  }

  private static int blockRows(int width) {
    return Math.max(1, FloatScratch.BLOCK / width);
  }

  private static float[] zeros(int which, int length) {
    float[] values = FloatScratch.array(which, length);
    Arrays.fill(values, 0, length, 0f);
    return values;
  }

  /** The sum of the rows of a block. */
  private static void fold(float[] rows, int length, float[] sums) {
    Arrays.fill(sums, 0f);
    for (int at = 0; at < length; at += sums.length) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += rows[at + i];
      }
    }
  }
}
