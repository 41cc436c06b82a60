/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How long kernels take on one thread, by what they compute and on which shape; for benchmarks. */
public final class KernelTimes {
  private static final ThreadLocal<@Nullable KernelTimes> OF_THREAD = new ThreadLocal<>();

  private final LongSupplier nanoTime;
  private final Map<String, Long> nanos = new LinkedHashMap<>();

  private KernelTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Watches the calling thread while something runs. */
  public static Map<String, Long> during(Runnable work, LongSupplier nanoTime) {
    KernelTimes times = new KernelTimes(nanoTime);
    OF_THREAD.set(times);
    try {
      work.run();
    } finally {
      OF_THREAD.remove();
    }
    return times.nanos;
  }

  /** The kernels themselves, or where the calling thread is watched, kernels that tell. */
  static Kernels watched(Kernels kernels) {
    KernelTimes times = OF_THREAD.get();
    return times == null ? kernels : new TimedKernels(kernels, times);
  }

  void time(String what, Runnable kernel) {
    long start = nanoTime.getAsLong();
    kernel.run();
    nanos.merge(what, nanoTime.getAsLong() - start, Long::sum);
  }
}
