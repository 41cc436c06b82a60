/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.Blas.Into;
import org.splitmask.train.kernel.Blas.Matrix;

/**
 * Linear maps on float32. Rows go through in parts, which threads share: a part's product is added
 * to its bias and residual, which are there already, and is activated next. Every operand is read
 * in place.
 */
final class FloatLinear {
  /** Rows of a part: with fewer, packing the weights again for each part shows. */
  private static final int ROWS = 1024;

  /** Rows or columns of a part of a weight's gradient, which is summed over all rows of x. */
  private static final int SIDE = 768;

  /** Rows that such a sum takes at a time: up to a quarter faster than all, with large factors. */
  private static final int SUMMED = 384;

  private FloatLinear() {}

  static void forward(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y) {
    product(x, weight, bias, residual, y, (from, to) -> {});
  }

  static void forwardGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y) {
    int width = (int) weight.size(0);
    product(
        x,
        weight,
        bias,
        null,
        hidden,
        (from, to) -> Blas.rowKernels().gelu(hidden, y, from * width, to * width));
  }

  private static void product(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y,
      Parts.Work then) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    Start start = new Start(bias, residual, y, out);
    Parts.within((int) (x.length() / in), ROWS)
        .each(
            (from, to) -> {
              Into into = start.write(from, to);
              Blas.multiply(
                  to - from,
                  out,
                  in,
                  1f,
                  Matrix.of(x, (long) from * in, in),
                  Matrix.of(weight, 0, in).transposed(),
                  into,
                  Matrix.of(y, (long) from * out, out));
              then.of(from, to);
            });
  }

  static void backward(
      INDArray x,
      @Nullable INDArray hidden,
      INDArray weight,
      INDArray dy,
      @Nullable INDArray dx,
      INDArray dWeight,
      INDArray dBias) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    int rows = (int) (x.length() / in);
    boolean isWide = in > out;
    Parts slabs = Parts.within(isWide ? in : out, SIDE);
    Parts parts = Parts.within(rows, ROWS);
    float[][] sums = new float[parts.count()][out];
    KernelThreads.each(
        slabs.count() + parts.count(),
        i -> {
          if (i >= slabs.count()) {
            int part = i - slabs.count();
            parts.run(
                part,
                (from, to) -> {
                  inputGradient(weight, dy, hidden, dx, from, to);
                  columnSums(dy, from, to, sums[part]);
                });
          } else if (isWide) {
            slabs.run(i, (from, to) -> columnsOfWeightGradient(x, dy, dWeight, rows, from, to));
          } else {
            slabs.run(i, (from, to) -> rowsOfWeightGradient(x, dy, dWeight, rows, from, to));
          }
        });
    NativeMemory.copy(FloatMath.total(sums), dBias);
  }

  private static void inputGradient(
      INDArray weight,
      INDArray dy,
      @Nullable INDArray hidden,
      @Nullable INDArray dx,
      int from,
      int to) {
    if (dx == null) {
      return;
    }
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    Blas.multiply(
        to - from,
        in,
        out,
        Matrix.of(dy, (long) from * out, out),
        Matrix.of(weight, 0, in),
        Matrix.of(dx, (long) from * in, in));
    if (hidden != null) {
      Blas.rowKernels().geluBackward(hidden, dx, from * in, to * in);
    }
  }

  /** The sums over rows that the product before has left in the cache. */
  private static void columnSums(INDArray dy, int from, int to, float[] sums) {
    int out = sums.length;
    INDArray total = Scratch.ofThread().array("column sums", DataType.FLOAT, out);
    Blas.columnSums(
        to - from,
        out,
        Matrix.of(dy, (long) from * out, out),
        Ones.of(to - from),
        Blas.pointer(total));
    NativeMemory.copy(total, sums);
  }

  private static void rowsOfWeightGradient(
      INDArray x, INDArray dy, INDArray dWeight, int rows, int from, int to) {
    int out = (int) dWeight.size(0);
    int in = (int) dWeight.size(1);
    sumOverRows(
        to - from,
        in,
        rows,
        Matrix.of(dy, from, out),
        Matrix.of(x, 0, in),
        Matrix.of(dWeight, (long) from * in, in));
  }

  private static void columnsOfWeightGradient(
      INDArray x, INDArray dy, INDArray dWeight, int rows, int from, int to) {
    int out = (int) dWeight.size(0);
    int in = (int) dWeight.size(1);
    sumOverRows(
        out,
        to - from,
        rows,
        Matrix.of(dy, 0, out),
        Matrix.of(x, from, in),
        Matrix.of(dWeight, from, in));
  }

  /** c = aᵀ·b, where a is [rows, m] and b is [rows, n]. */
  private static void sumOverRows(int m, int n, int rows, Matrix a, Matrix b, Matrix c) {
    for (int row = 0; row < rows; row += SUMMED) {
      Into into = row == 0 ? Into.REPLACED : Into.ADDED;
      Blas.multiply(m, n, Math.min(SUMMED, rows - row), 1f, a.transposed(), b, into, c);
      a.pointer().position(a.pointer().position() + (long) SUMMED * a.stride());
      b.pointer().position(b.pointer().position() + (long) SUMMED * b.stride());
    }
  }

  /**
   * What a product is added to. OpenBLAS would write zeros there first; the bias costs the same.
   */
  private record Start(
      float @Nullable [] bias, @Nullable FloatBuffer residual, FloatBuffer y, int width) {
    Start(@Nullable INDArray bias, @Nullable INDArray residual, INDArray y, int width) {
      this(
          bias == null ? null : NativeMemory.toArray(bias),
          residual == null ? null : Blas.buffer(residual),
          Blas.buffer(y),
          width);
    }

    Into write(int from, int to) {
      if (residual == null && bias == null) {
        return Into.REPLACED;
      }
      if (residual == null) {
        for (int row = from; row < to; row++) {
          y.put(row * width, bias, 0, width);
        }
        return Into.ADDED;
      }
      if (bias == null) {
        y.put(from * width, residual, from * width, (to - from) * width);
        return Into.ADDED;
      }
      float[] sums = FloatKernels.scratch(0, width);
      for (int row = from; row < to; row++) {
        residual.get(row * width, sums, 0, width);
        FloatMath.add(sums, bias, width);
        y.put(row * width, sums, 0, width);
      }
      return Into.ADDED;
    }
  }

  /** Ones in native memory, as many as were ever asked for. */
  private static final class Ones {
    private static FloatPointer values = new FloatPointer(0L);

    private Ones() {}

    static synchronized FloatPointer of(int count) {
      if (values.capacity() < count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1f);
        values = new FloatPointer(ones);
      }
      return values;
    }
  }
}
