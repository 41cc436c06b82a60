/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RateScalingTest {
  @Test
  void scalesTheRateOfThePapersBatch() {
    assertThat(RateScaling.NONE.rate(1.5e-3, 64)).isEqualTo(1.5e-3);
    assertThat(RateScaling.LINEAR.rate(1.5e-3, 64)).isCloseTo(4.6875e-5, within(1e-12));
    assertThat(RateScaling.SQRT.rate(1.5e-3, 512)).isCloseTo(7.5e-4, within(1e-12));
    assertThat(RateScaling.LINEAR.rate(1.5e-3, 2048)).isEqualTo(1.5e-3);
  }
}
