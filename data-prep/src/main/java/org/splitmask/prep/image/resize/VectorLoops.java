/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

/**
 * The loops that resizing spends its time in, in a form that the compiler of JDK 17 turns into
 * vector instructions. It does so for ints alone, in arrays that are read from 0 on, with one store
 * a turn and no more than about four loads; not for widening bytes, nor for Math.min and max.
 */
final class VectorLoops {
  /**
   * Fraction bits of weights, as many as a sum of four bytes' worth of overshoot leaves room for.
   */
  static final int FRACTION_BITS = 22;

  private static final int HALF = 1 << (FRACTION_BITS - 1);
  private static final int BYTE = 0xFF;
  private static final int SIGN = 31;

  private VectorLoops() {}

  /** One of the four bytes of each int: {@code out = in >>> shift & 255}. */
  static void unpack(int[] in, int shift, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = in[i] >>> shift & BYTE;
    }
  }

  /** The first four terms of weighted sums, and the half that makes the shift a rounding. */
  static void begin(int[] a, int[] b, int[] c, int[] d, int[] weights, int[] sums, int length) {
    int forA = weights[0];
    int forB = weights[1];
    int forC = weights[2];
    int forD = weights[3];
    for (int i = 0; i < length; i++) {
      sums[i] = HALF + a[i] * forA + b[i] * forB + c[i] * forC + d[i] * forD;
    }
  }

  /** Four more terms, whose weights stand from {@code at} on. */
  static void add(
      int[] a, int[] b, int[] c, int[] d, int[] weights, int at, int[] sums, int length) {
    int forA = weights[at];
    int forB = weights[at + 1];
    int forC = weights[at + 2];
    int forD = weights[at + 3];
    for (int i = 0; i < length; i++) {
      sums[i] += a[i] * forA + b[i] * forB + c[i] * forC + d[i] * forD;
    }
  }

  /** Sums become levels: rounded, then cut off at 0 and 255 (the sign bits are the masks). */
  static void toLevels(int[] sums, int length) {
    for (int i = 0; i < length; i++) {
      int level = sums[i] >> FRACTION_BITS;
      sums[i] = (level | (BYTE - level) >> SIGN) & ~(level >> SIGN) & BYTE;
    }
  }

  /** Levels of four rows into the four bytes of ints. */
  static void pack(int[] a, int[] b, int[] c, int[] d, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] = a[i] | b[i] << 8 | c[i] << 16 | d[i] << 24;
    }
  }
}
