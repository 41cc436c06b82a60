/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Row-major single-precision matrix products straight on OpenBLAS, and views of native memory. */
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

    Matrix transposed() {
      return new Matrix(pointer, stride, Operand.TRANSPOSED);
    }
  }

  /**
   * c = alpha·op(a)·op(b), where op(a) is [m, k] and op(b) is [k, n].
   *
   * @param c [m, n], overwritten
   */
  static void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, Matrix c) {
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
        0f,
        c.pointer(),
        c.stride());
  }

  /** The array's memory from its first element on, as a pointer. */
  static FloatPointer pointer(INDArray array) {
    Pointer start = array.data().addressPointer();
    return new FloatPointer(start).capacity(array.length());
  }

  /** The array's memory as a buffer for bulk copies. */
  static FloatBuffer buffer(INDArray array) {
    return pointer(array).asBuffer();
  }
}
