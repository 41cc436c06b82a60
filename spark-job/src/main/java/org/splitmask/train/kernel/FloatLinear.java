/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.Blas.Into;
import org.splitmask.train.kernel.library.Blas.Matrix;
import org.splitmask.train.kernel.library.FloatMath;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.kernel.library.Parts;
import org.splitmask.train.kernel.library.Scratch;

/**
 * Linear maps on float32. Rows go through in parts, which threads share. Every operand is read in
 * place.
 */
final class FloatLinear {
  /** Rows of a part: with fewer, packing the weights again for each part shows. */
  private static final int ROWS = 1024;

  /** Rows or columns of a part of a weight's gradient, which is summed over all rows of x. */
  private static final int SIDE = 768;

  /**
   * Rows that such a sum takes at a time: by how much depends on the shape, but 128 to 256 are
   * never slow. oneDNN is at its slowest with 384, half as fast again with 192
   * (docs/benchmarks.md).
   */
  private static final int SUMMED = 192;

  private FloatLinear() {}

  static void forward(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y) {
    rows(x, weight)
        .each((from, to) -> Blas.rowKernels().linear(x, weight, bias, residual, y, from, to));
  }

  static void forwardGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y) {
    int out = (int) weight.size(0);
    rows(x, weight)
        .each(
            (from, to) -> {
              Blas.rowKernels().linear(x, weight, bias, null, hidden, from, to);
              Blas.rowKernels().gelu(hidden, y, Blas.element(from, out), Blas.element(to, out));
            });
  }

  private static Parts rows(INDArray x, INDArray weight) {
    return Parts.within((int) (x.length() / weight.size(1)), ROWS);
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
    Parts parts = rows(x, weight);
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
        Matrix.of(dy, Blas.element(from, out), out),
        Matrix.of(weight, 0, in),
        Matrix.of(dx, Blas.element(from, in), in));
    if (hidden != null) {
      Blas.rowKernels().geluBackward(hidden, dx, Blas.element(from, in), Blas.element(to, in));
    }
  }

  /** The sums over rows that the product before has left in the cache. */
  private static void columnSums(INDArray dy, int from, int to, float[] sums) {
    int out = sums.length;
    INDArray total = Scratch.ofThread().array("column sums", DataType.FLOAT, out);
    Blas.columnSums(
        to - from,
        out,
        Matrix.of(dy, Blas.element(from, out), out),
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
        Matrix.of(dWeight, Blas.element(from, in), in));
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
