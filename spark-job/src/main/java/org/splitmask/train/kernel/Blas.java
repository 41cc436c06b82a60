/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;

/** Row-major single-precision matrix products straight on the BLAS, and views of native memory. */
final class Blas {
  private Blas() {}

  /** How an operand enters a product. */
  enum Operand {
    AS_IS(CblasNoTrans),
    TRANSPOSED(CblasTrans);

    private final int code;

    Operand(int code) {
      this.code = code;
    }
  }

  /** Whether a product replaces what is there or is added to it. */
  enum Into {
    REPLACED(0f),
    ADDED(1f);

    private final float beta;

    Into(float beta) {
      this.beta = beta;
    }
  }

  /**
   * A matrix inside native memory.
   *
   * @param pointer its first element
   * @param stride the elements from one row to the next
   */
  record Matrix(FloatPointer pointer, int stride, Operand operand) {
    static Matrix of(FloatPointer pointer, int stride) {
      return new Matrix(pointer, stride, Operand.AS_IS);
    }

    /** The part of an array that starts at an element, in rows of that stride. */
    static Matrix of(INDArray array, long from, int stride) {
      return of(Blas.pointer(array).position(from), stride);
    }

    Matrix transposed() {
      return new Matrix(pointer, stride, Operand.TRANSPOSED);
    }
  }

  /**
   * c = alpha·op(a)·op(b), or that added to c, where op(a) is [m, k] and op(b) is [k, n].
   *
   * @param c [m, n]
   */
  static void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, Into into, Matrix c) {
    cblas_sgemm(
        CblasRowMajor,
        a.operand().code,
        b.operand().code,
        m,
        n,
        k,
        alpha,
        a.pointer(),
        a.stride(),
        b.pointer(),
        b.stride(),
        into.beta,
        c.pointer(),
        c.stride());
  }

  /** c = op(a)·op(b). */
  static void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    multiply(m, n, k, 1f, a, b, Into.REPLACED, c);
  }

  /**
   * sums = columns' sums of a.
   *
   * @param a [rows, columns]
   * @param ones [rows] of 1
   * @param sums [columns], overwritten
   */
  static void columnSums(int rows, int columns, Matrix a, FloatPointer ones, FloatPointer sums) {
    cblas_sgemv(
        CblasRowMajor,
        CblasTrans,
        rows,
        columns,
        1f,
        a.pointer(),
        a.stride(),
        ones,
        1,
        0f,
        sums,
        1);
  }

  /** The array's memory from its first element on, as a pointer of its own. */
  static FloatPointer pointer(INDArray array) {
    Pointer start = array.data().addressPointer();
    return new FloatPointer(start).capacity(array.length());
  }

  /** The array's memory as a buffer for bulk copies. */
  static FloatBuffer buffer(INDArray array) {
    Check.that(
        array.length() <= Integer.MAX_VALUE,
        "an intermediate result has %d values, more than 2147483647: lower batch-size",
        array.length());
    return pointer(array).asBuffer();
  }
}
