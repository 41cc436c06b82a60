/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CollapseWatchTest {
  private final CollapseWatch watch = new CollapseWatch("deviation", "rank");

  @Test
  void threeRoundsInARowAreACollapseAndSaidOnce() {
    assertThat(watch.look(1, 0.04, 20)).isEmpty();
    assertThat(watch.look(2, 0.04, 20)).isEmpty();
    assertThat(watch.look(3, 0.04, 20))
        .hasValueSatisfying(
            warning -> assertThat(warning).contains("round 3", "deviation 0.040", "batch-size"));
    assertThat(watch.look(4, 0.04, 20)).isEmpty();
  }

  @Test
  void aLineIsACollapseToo() {
    watch.look(1, 0.9, 1.1);
    watch.look(2, 0.9, 1.1);
    assertThat(watch.look(3, 0.9, 1.1)).isPresent();
  }

  @Test
  void aGoodRoundInBetweenStartsTheCountAnew() {
    for (int round = 1; round <= 9; round++) {
      double deviation = round % 3 == 0 ? 0.3 : 0.01;
      assertThat(watch.look(round, deviation, 10)).isEmpty();
    }
  }
}
