/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.random;

/**
 * Random bits, one after the other, from a seed: the numbers of SplitMix64 (Steele, Lea and Flood,
 * 2014), cut into pieces. For millions of draws; what is drawn seldom takes {@link Seeds}.
 */
public final class BitStream {
  private long counter;
  private long word;
  private int left;

  public BitStream(long seed) {
    this.counter = seed;
  }

  /**
   * The next bits as a number.
   *
   * @param bits 1 to 32, and the same in a run of calls, or some are lost
   */
  public long next(int bits) {
    if (left < bits) {
      counter += Seeds.GOLDEN_GAMMA;
      word = Seeds.mix(counter);
      left = Long.SIZE;
    }
    long value = word & ((1L << bits) - 1);
    word >>>= bits;
    left -= bits;
    return value;
  }
}
