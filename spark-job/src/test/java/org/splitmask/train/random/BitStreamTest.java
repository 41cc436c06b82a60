/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BitStreamTest {
  /** The JDK has the same generator, whose words these are the pieces of. */
  @Test
  void theBitsAreThoseOfSplitMix64() {
    SplittableRandom words = new SplittableRandom(7);
    BitStream halves = new BitStream(7);
    BitStream quarters = new BitStream(7);
    for (int i = 0; i < 100; i++) {
      long word = words.nextLong();
      assertThat(halves.next(32) | halves.next(32) << 32).isEqualTo(word);
      long four = 0;
      for (int part = 0; part < 4; part++) {
        four |= quarters.next(16) << (16 * part);
      }
      assertThat(four).isEqualTo(word);
    }
  }

  @Test
  void numbersAreEvenlySpread() {
    BitStream bits = new BitStream(20261130);
    double sum = 0;
    int draws = 100_000;
    for (int i = 0; i < draws; i++) {
      long value = bits.next(16);
      assertThat(value).isBetween(0L, 65_535L);
      sum += value;
    }
    // Five deviations of the mean of so many.
    assertThat(sum / draws).isCloseTo(32_767.5, within(5 * 65_536 / Math.sqrt(12.0 * draws)));
  }
}
