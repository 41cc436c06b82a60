/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OuterStepTest {
  @Test
  void itIsNesterovs() {
    float[] velocity = {0.5f};
    float[] next = new OuterStep(0.7, 0.9).apply(new float[] {1f}, new float[] {3f}, velocity);

    double v = 0.9 * 0.5 + 2;
    assertThat(velocity[0]).isCloseTo((float) v, within(1e-6f));
    assertThat(next[0]).isCloseTo((float) (1 + 0.7 * (2 + 0.9 * v)), within(1e-6f));
  }

  @Test
  void onlyTheWholeMeanWithoutMomentumIsPlain() {
    assertThat(new OuterStep(1, 0).isPlain()).isTrue();
    assertThat(new OuterStep(1, 0.5).isPlain()).isFalse();
    assertThat(new OuterStep(0.5, 0).isPlain()).isFalse();
  }

  @Test
  void aRateThatMovesNothingOrBackwardsIsRefused() {
    assertThatCode(() -> new OuterStep(Double.MIN_VALUE, 0)).doesNotThrowAnyException();
    for (double rate : new double[] {0, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new OuterStep(rate, 0))
          .hasMessageContaining("outer-rate must be positive, was " + rate);
    }
  }

  @Test
  void aMomentumThatGrowsOrTurnsIsRefused() {
    assertThatCode(() -> new OuterStep(1, Math.nextDown(1.0))).doesNotThrowAnyException();
    assertThatCode(() -> new OuterStep(1, 0)).doesNotThrowAnyException();
    for (double momentum : new double[] {1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new OuterStep(1, momentum))
          .hasMessageContaining("outer-momentum must be in [0, 1), was " + momentum);
    }
  }
}
