/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderRangesTest {
  @Test
  void rangesFollowTheUnsignedOrderOfHashes() {
    OrderRanges ranges = new OrderRanges(4);

    assertThat(ranges.getPartition(0L)).isZero();
    assertThat(ranges.getPartition(0x3FFF_FFFF_FFFF_FFFFL)).isZero();
    assertThat(ranges.getPartition(0x4000_0000_0000_0000L)).isEqualTo(1);
    assertThat(ranges.getPartition(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(ranges.getPartition(Long.MIN_VALUE)).isEqualTo(2);
    assertThat(ranges.getPartition(-1L)).isEqualTo(3);
  }

  @Test
  void rangesAreOfOneSize() {
    OrderRanges ranges = new OrderRanges(7);
    Random random = new Random(1);
    int[] counts = new int[7];

    for (int i = 0; i < 70_000; i++) {
      counts[ranges.getPartition(random.nextLong())]++;
    }

    // Five standard deviations of a binomial count of 10,000.
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_536, 10_464));
  }
}
