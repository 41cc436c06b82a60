/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.util.function.LongSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.splitmask.train.kernel.library.Blas.Matrix;

/** What matrix products can do here and now: the bound that a training step is held against. */
public final class SgemmRate {
  private static final int SIDE = 1024;
  private static final int PRODUCTS = 12;

  private SgemmRate() {}

  /** The best of several products of 1024×1024 matrices on each of the threads, in GFLOP/s. */
  public static double measure(KernelThreads threads, LongSupplier nanoTime) {
    return threads.call(() -> measure(nanoTime));
  }

  private static double measure(LongSupplier nanoTime) {
    int threads = KernelThreads.available();
    long length = (long) SIDE * SIDE;
    try (FloatPointer a = filled(length);
        FloatPointer b = filled(length);
        FloatPointer c = new FloatPointer(length * threads)) {
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < PRODUCTS; i++) {
        long start = nanoTime.getAsLong();
        KernelThreads.each(
            threads,
            thread ->
                Blas.multiply(
                    SIDE,
                    SIDE,
                    SIDE,
                    Matrix.of(a, SIDE),
                    Matrix.of(b, SIDE),
                    Matrix.of(new FloatPointer(c).position(thread * length), SIDE)));
        shortest = Math.min(shortest, nanoTime.getAsLong() - start);
      }
      return 2.0 * SIDE * SIDE * SIDE * threads / shortest;
    }
  }

  /** Small numbers other than 0. */
  private static FloatPointer filled(long length) {
    FloatPointer values = new FloatPointer(length);
    for (long i = 0; i < length; i++) {
      values.put(i, 1e-3f * (i % 97 - 48));
    }
    return values;
  }
}
