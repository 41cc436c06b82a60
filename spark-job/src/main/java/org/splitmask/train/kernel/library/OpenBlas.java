/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.splitmask.train.kernel.library.Blas.Matrix;

/**
 * OpenBLAS, which ND4J brings, or what JavaCPP was told to load in its place ({@code
 * -Dorg.bytedeco.openblas.load=mkl_rt}).
 */
final class OpenBlas implements CpuLibrary {
  /** What JavaCPP's preset answers where MKL has taken the place. */
  private static final int MKL = 3;

  private final RowKernels rowKernels = new JavaRowKernels(this);

  @Override
  public void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    cblas_sgemm(
        CblasRowMajor,
        a.isTransposed() ? CblasTrans : CblasNoTrans,
        b.isTransposed() ? CblasTrans : CblasNoTrans,
        m,
        n,
        k,
        alpha,
        a.pointer(),
        a.stride(),
        b.pointer(),
        b.stride(),
        beta,
        c.pointer(),
        c.stride());
  }

  @Override
  public RowKernels rowKernels() {
    return rowKernels;
  }

  @Override
  public void prepareThread() {
    // Its threads are a setting of the whole process, which KernelThreads makes.
  }

  @Override
  public String description() {
    return openblas_nolapack.blas_get_vendor() == MKL
        ? "MKL"
        : openblas_full.openblas_get_config().getString();
  }
}
