/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

/**
 * [0, length) in parts of equal size, but for the last. Sizes are whole multiples of {@link #UNIT},
 * so that every element is computed by the same vector code wherever it is cut.
 *
 * @param length at least 0
 * @param size of a part
 */
public record Parts(int length, int size) {
  /** What the widest micro-kernels of OpenBLAS take at a time divides it. */
  private static final int UNIT = 64;

  private static final int EVEN = 4;

  /** What one part does. */
  public interface Work {
    /** Does [from, to). */
    void of(int from, int to);
  }

  /**
   * As few parts as keep each within a size, all about as large: one, or a multiple of four, which
   * two and four threads share evenly.
   */
  public static Parts within(int length, int most) {
    int needed = Math.max(1, ceil(length, Math.max(UNIT, most / UNIT * UNIT)));
    int count = needed == 1 ? 1 : ceil(needed, EVEN) * EVEN;
    return new Parts(length, Math.max(UNIT, ceil(ceil(length, count), UNIT) * UNIT));
  }

  /** So many parts, or fewer where there is too little to share. */
  public static Parts count(int length, int count) {
    return new Parts(length, Math.max(UNIT, ceil(ceil(length, count), UNIT) * UNIT));
  }

  /** How many there are. */
  public int count() {
    return ceil(length, size);
  }

  /** Does one part. */
  public void run(int part, Work work) {
    work.of(part * size, (int) Math.min(length, (part + 1L) * size));
  }

  /** Does all of them, on the threads that there are. */
  public void each(Work work) {
    KernelThreads.each(count(), part -> run(part, work));
  }

  private static int ceil(int a, int b) {
    return (int) (((long) a + b - 1) / b);
  }
}
