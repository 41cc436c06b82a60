/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;

import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;

/**
 * Row-major single-precision matrix products on the library that was chosen for this process, and
 * views of native memory. The choice: what the system property {@code splitmask.blas} names, {@code
 * onednn} or {@code openblas}; without it, oneDNN where it loads, and OpenBLAS elsewhere.
 */
public final class Blas {
  private static final Logger LOG = LoggerFactory.getLogger(Blas.class);
  private static final String PROPERTY = "splitmask.blas";

  private static final CpuLibrary LIBRARY = choose(System.getProperty(PROPERTY, ""));

  private Blas() {}

  /** Whether a product replaces what is there or is added to it. */
  public enum Into {
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
   * @param isTransposed how it enters a product
   */
  public record Matrix(FloatPointer pointer, int stride, boolean isTransposed) {
    public static Matrix of(FloatPointer pointer, int stride) {
      return new Matrix(pointer, stride, false);
    }

    /** The part of an array that starts at an element, in rows of that stride. */
    public static Matrix of(INDArray array, long from, int stride) {
      return of(Blas.pointer(array).position(from), stride);
    }

    public Matrix transposed() {
      return new Matrix(pointer, stride, true);
    }

    /** Of the first element. */
    long address() {
      return pointer.address() + pointer.position() * Float.BYTES;
    }
  }

  static CpuLibrary choose(String wanted) {
    Check.that(
        wanted.isEmpty() || wanted.equals("onednn") || wanted.equals("openblas"),
        "-D%s must be onednn or openblas, was '%s'",
        PROPERTY,
        wanted);
    if (wanted.equals("openblas")) {
      return new OpenBlas();
    }
    try {
      return OneDnn.load();
    } catch (IOException | LinkageError e) {
      Check.that(
          wanted.isEmpty(),
          "-D%s=%s, which cannot be loaded: %s",
          PROPERTY,
          wanted,
          String.valueOf(e.getMessage()));
      LOG.info("Matrix products on OpenBLAS: no oneDNN ({})", e.toString());
      return new OpenBlas();
    }
  }

  /** To be called on a thread before its first product. */
  public static void prepareThread() {
    LIBRARY.prepareThread();
  }

  /** What the library does to rows. */
  public static RowKernels rowKernels() {
    return LIBRARY.rowKernels();
  }

  /** The library that multiplies. */
  static String description() {
    return LIBRARY.description();
  }

  /**
   * c = alpha·op(a)·op(b), or that added to c, where op(a) is [m, k] and op(b) is [k, n].
   *
   * @param c [m, n]
   */
  public static void multiply(
      int m, int n, int k, float alpha, Matrix a, Matrix b, Into into, Matrix c) {
    LIBRARY.multiply(m, n, k, alpha, a, b, into.beta, c);
  }

  /** c = op(a)·op(b). */
  public static void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
    multiply(m, n, k, 1f, a, b, Into.REPLACED, c);
  }

  /**
   * sums = columns' sums of a.
   *
   * @param a [rows, columns]
   * @param ones [rows] of 1
   * @param sums [columns], overwritten
   */
  public static void columnSums(
      int rows, int columns, Matrix a, FloatPointer ones, FloatPointer sums) {
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

  /** sums += summands, for as many elements from one place on. */
  public static void add(INDArray summands, INDArray sums, long from, int count) {
    cblas_saxpy(count, 1f, pointer(summands).position(from), 1, pointer(sums).position(from), 1);
  }

  /** The first element of a row; the largest arrays have more than 2^31 elements. */
  public static long element(int row, int width) {
    return (long) row * width;
  }

  /** Where an element of the array is. */
  public static long address(INDArray array, long element) {
    return array.data().addressPointer().address() + element * Float.BYTES;
  }

  /** The array's memory from its first element on, as a pointer of its own. */
  public static FloatPointer pointer(INDArray array) {
    Pointer start = array.data().addressPointer();
    return new FloatPointer(start).capacity(array.length());
  }

  /** The memory of an array of whole numbers as a buffer for bulk copies. */
  static IntBuffer integers(INDArray array) {
    return new IntPointer(array.data().addressPointer()).capacity(countable(array)).asBuffer();
  }

  /** The memory of a double array as a buffer for bulk copies. */
  static DoubleBuffer doubles(INDArray array) {
    return new DoublePointer(array.data().addressPointer()).capacity(countable(array)).asBuffer();
  }

  /** The array's memory as a buffer for bulk copies. */
  public static FloatBuffer buffer(INDArray array) {
    countable(array);
    return pointer(array).asBuffer();
  }

  /** The length of an array that Java's buffers and arrays can hold; others are refused. */
  public static int countable(INDArray array) {
    Check.that(
        array.length() <= Integer.MAX_VALUE,
        "an intermediate result has %d values, more than 2147483647: lower batch-size",
        array.length());
    return (int) array.length();
  }
}
