/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WarmupCosineTest {
  private final WarmupCosine rate = new WarmupCosine(0.4, 0.05, 0.01);

  @Test
  void risesLinearlyToThePeakAndFallsToTheFinalShare() {
    assertThat(rate.at(0.025)).isCloseTo(0.2, within(1e-12));
    assertThat(rate.at(0.05)).isCloseTo(0.4, within(1e-12));
    assertThat(rate.at(0.525)).isCloseTo(0.4 * (0.01 + 0.99 / 2), within(1e-12));
    assertThat(rate.at(1)).isCloseTo(0.004, within(1e-12));
  }
}
