/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.Blas.Matrix;

/**
 * The kernels for float32 on CPUs. Products run on OpenBLAS without copies or transpositions; the
 * rest streams blocks of rows, small enough for the nearest cache, through Java arrays, where C2
 * vectorises the loops; on stock operations these parts take longer than the products
 * (docs/adr/0006). Stateless but for scratch arrays of the calling thread.
 */
final class FloatKernels implements Kernels {
  static final FloatKernels INSTANCE = new FloatKernels();

  /** Elements of a block: three blocks of 16 KB stay in a first-level cache of 48 KB. */
  private static final int BLOCK = 4096;

  private static final ThreadLocal<float[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[3][BLOCK]);

  private FloatKernels() {}

  @Override
  public void linear(INDArray x, INDArray weight, @Nullable INDArray bias, INDArray y) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    int rows = (int) (x.length() / in);
    Blas.multiply(
        rows,
        out,
        in,
        1f,
        Matrix.of(Blas.pointer(x), in),
        Matrix.of(Blas.pointer(weight), in).transposed(),
        Matrix.of(Blas.pointer(y), out));
    if (bias != null) {
      addBias(Blas.buffer(y), toArray(bias), rows);
    }
  }

  @Override
  public void linearBackward(
      INDArray x,
      INDArray weight,
      INDArray dy,
      @Nullable INDArray dx,
      INDArray dWeight,
      INDArray dBias) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    int rows = (int) (x.length() / in);
    Matrix gradient = Matrix.of(Blas.pointer(dy), out);
    Blas.multiply(
        out,
        in,
        rows,
        1f,
        gradient.transposed(),
        Matrix.of(Blas.pointer(x), in),
        Matrix.of(Blas.pointer(dWeight), in));
    columnSums(Blas.buffer(dy), rows, dBias);
    if (dx != null) {
      Blas.multiply(
          rows,
          in,
          out,
          1f,
          gradient,
          Matrix.of(Blas.pointer(weight), in),
          Matrix.of(Blas.pointer(dx), in));
    }
  }

  @Override
  public void layerNorm(
      INDArray x,
      INDArray gamma,
      INDArray beta,
      double epsilon,
      INDArray y,
      INDArray normalised,
      INDArray inverseDeviation) {
    float[] scale = toArray(gamma);
    float[] shift = toArray(beta);
    int width = scale.length;
    int rows = (int) (x.length() / width);
    FloatBuffer in = Blas.buffer(x);
    FloatBuffer out = Blas.buffer(y);
    FloatBuffer kept = Blas.buffer(normalised);
    FloatBuffer deviations = Blas.buffer(inverseDeviation);
    float[] values = scratch(0, width);
    float[] result = scratch(1, width);
    for (int row = 0; row < rows; row++) {
      in.get(row * width, values, 0, width);
      float mean = FloatMath.sum(values, 0, width) / width;
      for (int i = 0; i < width; i++) {
        values[i] -= mean;
      }
      double variance = FloatMath.dot(values, 0, values, 0, width) / width;
      float inverse = (float) (1 / Math.sqrt(variance + epsilon));
      for (int i = 0; i < width; i++) {
        values[i] *= inverse;
      }
      for (int i = 0; i < width; i++) {
        result[i] = values[i] * scale[i] + shift[i];
      }
      kept.put(row * width, values, 0, width);
      out.put(row * width, result, 0, width);
      deviations.put(row, inverse);
    }
  }

  @Override
  public void layerNormBackward(
      INDArray dy,
      INDArray gamma,
      INDArray normalised,
      INDArray inverseDeviation,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta) {
    float[] scale = toArray(gamma);
    int width = scale.length;
    int rows = (int) (dy.length() / width);
    float[] scaleGradient = new float[width];
    float[] shiftGradient = new float[width];
    FloatBuffer in = Blas.buffer(dy);
    FloatBuffer out = Blas.buffer(dx);
    FloatBuffer kept = Blas.buffer(normalised);
    FloatBuffer deviations = Blas.buffer(inverseDeviation);
    float[] g = scratch(0, width);
    float[] hat = scratch(1, width);
    for (int row = 0; row < rows; row++) {
      in.get(row * width, g, 0, width);
      kept.get(row * width, hat, 0, width);
      for (int i = 0; i < width; i++) {
        scaleGradient[i] += g[i] * hat[i];
      }
      for (int i = 0; i < width; i++) {
        shiftGradient[i] += g[i];
      }
      for (int i = 0; i < width; i++) {
        g[i] *= scale[i];
      }
      float mean = FloatMath.sum(g, 0, width) / width;
      float correlation = FloatMath.dot(g, 0, hat, 0, width) / width;
      float inverse = deviations.get(row);
      for (int i = 0; i < width; i++) {
        g[i] = (g[i] - mean - hat[i] * correlation) * inverse;
      }
      out.put(row * width, g, 0, width);
    }
    Blas.buffer(dGamma).put(0, scaleGradient);
    Blas.buffer(dBeta).put(0, shiftGradient);
  }

  @Override
  public void gelu(INDArray x, INDArray y) {
    FloatBuffer in = Blas.buffer(x);
    FloatBuffer out = Blas.buffer(y);
    float[] values = scratch(0, BLOCK);
    float[] result = scratch(1, BLOCK);
    int length = (int) x.length();
    for (int from = 0; from < length; from += BLOCK) {
      int count = Math.min(BLOCK, length - from);
      in.get(from, values, 0, count);
      FloatMath.gelu(values, result, count);
      out.put(from, result, 0, count);
    }
  }

  @Override
  public void geluBackward(INDArray x, INDArray dy, INDArray dx) {
    FloatBuffer in = Blas.buffer(x);
    FloatBuffer gradient = Blas.buffer(dy);
    FloatBuffer out = Blas.buffer(dx);
    float[] values = scratch(0, BLOCK);
    float[] upstream = scratch(1, BLOCK);
    float[] result = scratch(2, BLOCK);
    int length = (int) x.length();
    for (int from = 0; from < length; from += BLOCK) {
      int count = Math.min(BLOCK, length - from);
      in.get(from, values, 0, count);
      gradient.get(from, upstream, 0, count);
      FloatMath.geluGradient(values, upstream, result, count);
      out.put(from, result, 0, count);
    }
  }

  @Override
  public void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    FloatAttention.forward(qkv, shape, probabilities, out);
  }

  @Override
  public void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    FloatAttention.backward(qkv, shape, probabilities, dOut, dQkv);
  }

  @Override
  public double softmaxCrossEntropy(INDArray logits, int[] targets, double scale) {
    int classes = (int) logits.size(1);
    FloatBuffer buffer = Blas.buffer(logits);
    float[] row = scratch(0, classes);
    double loss = 0;
    for (int r = 0; r < targets.length; r++) {
      buffer.get(r * classes, row, 0, classes);
      float max = FloatMath.max(row, 0, classes);
      double target = (double) row[targets[r]] - max;
      FloatMath.expInPlace(row, 0, classes, max);
      float sum = FloatMath.sum(row, 0, classes);
      loss += Math.log(sum) - target;
      float factor = (float) (scale / sum);
      for (int i = 0; i < classes; i++) {
        row[i] *= factor;
      }
      row[targets[r]] -= (float) scale;
      buffer.put(r * classes, row, 0, classes);
    }
    return loss;
  }

  @Override
  public void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    int width = (int) source.size(1);
    FloatBuffer from = Blas.buffer(source);
    FloatBuffer to = Blas.buffer(into);
    float[] row = scratch(0, width);
    for (int i = 0; i < sourceRows.length; i++) {
      from.get(sourceRows[i] * width, row, 0, width);
      to.put(intoRows[i] * width, row, 0, width);
    }
  }

  @Override
  public void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    int width = (int) source.size(1);
    FloatBuffer from = Blas.buffer(source);
    FloatBuffer to = Blas.buffer(into);
    float[] row = scratch(0, width);
    float[] sum = scratch(1, width);
    for (int i = 0; i < sourceRows.length; i++) {
      from.get(sourceRows[i] * width, row, 0, width);
      to.get(intoRows[i] * width, sum, 0, width);
      for (int j = 0; j < width; j++) {
        sum[j] += row[j];
      }
      to.put(intoRows[i] * width, sum, 0, width);
    }
  }

  /** An array of the calling thread, at least as long as asked; the content is what was left. */
  static float[] scratch(int which, int length) {
    float[][] arrays = SCRATCH.get();
    if (arrays[which].length < length) {
      arrays[which] = new float[length];
    }
    return arrays[which];
  }

  static float[] toArray(INDArray vector) {
    float[] values = new float[(int) vector.length()];
    Blas.buffer(vector).get(0, values);
    return values;
  }

  private static void addBias(FloatBuffer matrix, float[] bias, int rows) {
    int width = bias.length;
    float[] row = scratch(0, width);
    for (int r = 0; r < rows; r++) {
      matrix.get(r * width, row, 0, width);
      for (int i = 0; i < width; i++) {
        row[i] += bias[i];
      }
      matrix.put(r * width, row, 0, width);
    }
  }

  private static void columnSums(FloatBuffer matrix, int rows, INDArray sums) {
    int width = (int) sums.length();
    float[] total = scratch(0, width);
    float[] row = scratch(1, width);
    Arrays.fill(total, 0, width, 0f);
    for (int r = 0; r < rows; r++) {
      matrix.get(r * width, row, 0, width);
      for (int i = 0; i < width; i++) {
        total[i] += row[i];
      }
    }
    Blas.buffer(sums).put(0, total, 0, width);
  }
}
