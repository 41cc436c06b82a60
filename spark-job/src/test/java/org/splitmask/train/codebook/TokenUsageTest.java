/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenUsageTest {
  @Test
  void anEvenlyUsedVocabularyHasAPerplexityOfItsSize() {
    int[] tokens = IntStream.range(0, 400).map(i -> i % 40).toArray();

    TokenUsage usage = TokenUsage.of(tokens, 40);

    assertThat(usage.perplexity()).isCloseTo(40, within(1e-9));
    assertThat(usage.topTenShare()).isCloseTo(0.25, within(1e-12));
    assertThat(usage.used()).isEqualTo(40);
  }

  @Test
  void oneTokenForAllIsAPerplexityOfOne() {
    TokenUsage usage = TokenUsage.of(new int[100], 8192);

    assertThat(usage.perplexity()).isCloseTo(1, within(1e-12));
    assertThat(usage.topTenShare()).isEqualTo(1);
    assertThat(usage.used()).isEqualTo(1);
  }

  @Test
  void sharesOfAHalfAndTwoQuartersAreAnEntropyOfOneAndAHalfBits() {
    TokenUsage usage = TokenUsage.of(new int[] {5, 5, 1, 2}, 6);

    assertThat(usage.perplexity()).isCloseTo(Math.pow(2, 1.5), within(1e-12));
    assertThat(usage.counts()).containsExactly(2L, 1L, 1L);
    assertThat(usage.used()).isEqualTo(3);
  }

  @Test
  void tenTokensThatStandForMoreThanAThirdAreTooFew() {
    int[] uneven = IntStream.range(0, 1000).map(i -> i < 400 ? i % 10 : i % 500 + 20).toArray();
    int[] even = IntStream.range(0, 1000).map(i -> i % 100).toArray();

    assertThat(TokenUsage.of(uneven, 1024).fewCarryMost(1024)).isTrue();
    assertThat(TokenUsage.of(even, 1024).fewCarryMost(1024)).isFalse();
    assertThat(TokenUsage.of(new int[] {0, 1, 2}, 12).fewCarryMost(12)).isFalse();
  }
}
