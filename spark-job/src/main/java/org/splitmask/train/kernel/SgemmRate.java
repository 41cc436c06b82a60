/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.util.function.LongSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.splitmask.train.kernel.Blas.Matrix;

/** What OpenBLAS can do here and now: the bound that a training step is held against. */
public final class SgemmRate {
  private static final int SIDE = 1024;
  private static final int PRODUCTS = 12;

  private SgemmRate() {}

  /** The best of several products of 1024×1024 matrices, in GFLOP/s, on the threads as they are. */
  public static double measure(LongSupplier nanoTime) {
    long length = (long) SIDE * SIDE;
    try (FloatPointer a = filled(length);
        FloatPointer b = filled(length);
        FloatPointer c = filled(length)) {
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < PRODUCTS; i++) {
        long start = nanoTime.getAsLong();
        Blas.multiply(SIDE, SIDE, SIDE, Matrix.of(a, SIDE), Matrix.of(b, SIDE), Matrix.of(c, SIDE));
        shortest = Math.min(shortest, nanoTime.getAsLong() - start);
      }
      return 2.0 * SIDE * SIDE * SIDE / shortest;
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
