/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How many threads native code may use. The count is one per process: on clusters an executor runs
 * one training task. With one thread, results are equal to the bit on one kind of CPU.
 */
public final class NativeThreads {
  private NativeThreads() {}

  /** Limits OpenBLAS and ND4J's own operations. */
  public static void limit(int threads) {
    Nd4j.getBlasWrapper(); // loads the library before its threads are counted
    openblas_nolapack.blas_set_num_threads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }
}
