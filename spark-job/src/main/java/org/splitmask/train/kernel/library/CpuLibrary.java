/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import org.splitmask.train.kernel.library.Blas.Matrix;

/** What a library computes in single precision, on the calling thread alone. */
interface CpuLibrary {
  /**
   * c = alpha·op(a)·op(b) + beta·c, where op(a) is [m, k] and op(b) is [k, n], all row-major.
   *
   * @param beta 0, and what c held does not matter, or 1
   */
  void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c);

  /** What it does to rows, or our own loops where it has nothing for them. */
  RowKernels rowKernels();

  /** Has the calling thread's work run on it alone; to be called before its first. */
  void prepareThread();

  /** The library, its version, and what it takes the processor for. */
  String description();
}
