/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The threads of libtorch's own loops, and of the library that multiplies matrices for it. */
public final class NativeThreads {
  private NativeThreads() {}

  /**
   * Sets both for what the calling thread does next. OpenBLAS keeps to one thread, as for the other
   * engine's kernels: its number is the process's own, and with two on two cores a step was slower
   * than with one (docs/runs.md).
   */
  public static void use(int threads) {
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(1);
  }
}
