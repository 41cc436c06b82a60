/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keeps OpenBLAS to one thread for small products, until closed. Of a millisecond's work a second
 * thread saves little, and on a busy machine the two wait for each other.
 */
final class FewThreads implements AutoCloseable {
  /** Some 10 ms on one core. */
  private static final long SMALL = 1L << 28;

  private final int before;

  private FewThreads(int before) {
    this.before = before;
  }

  /**
   * Limits where it pays.
   *
   * @param multiplications of one product
   */
  static FewThreads forProductsOf(long multiplications) {
    Nd4j.getBlasWrapper(); // loads the library before its threads are counted
    int before = openblas_nolapack.blas_get_num_threads();
    if (multiplications < SMALL) {
      openblas_nolapack.blas_set_num_threads(1);
    }
    return new FewThreads(before);
  }

  @Override
  public void close() {
    openblas_nolapack.blas_set_num_threads(before);
  }
}
