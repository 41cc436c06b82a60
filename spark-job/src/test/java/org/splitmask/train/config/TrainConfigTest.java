/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.engine.ProvidedEngines;

class TrainConfigTest {
  /** 64 images an update; the rate is meant for 2,048. */
  @ParameterizedTest
  @CsvSource({"none, 0.0015", "linear, 0.000046875", "sqrt, 0.000265165"})
  void theRateOfARunIsTheScaledOne(String scaling, double expected) {
    TrainConfig config =
        config(
            "learning-rate=0.0015",
            "lr-scaling=" + scaling,
            "workers=2",
            "batch-size=16",
            "batches-per-update=2");
    assertThat(config.optimisation().rate().peak()).isCloseTo(expected, within(1e-8));
    assertThat(config.optimisation().batchesPerUpdate()).isEqualTo(2);
  }

  @Test
  void countsAreCheckedBeforeWhatFollowsFromThem() {
    for (String key : List.of("min-workers", "batches-per-update", "checkpoint-every")) {
      assertThatThrownBy(() -> config(key + "=0", "lr-scaling=linear"))
          .hasMessageContaining(key + " must be at least 1, was 0");
    }
    assertThatThrownBy(() -> config("workers=-1"))
        .hasMessageContaining("workers must be at least 0, was -1");
    assertThatThrownBy(() -> config("min-workers-seconds=-1"))
        .hasMessageContaining("min-workers-seconds must be at least 0, was -1");
    for (String halvings : List.of("-1", "21")) {
      assertThatThrownBy(() -> config("rate-halvings=" + halvings))
          .hasMessageContaining("rate-halvings must be in [0, 20], was " + halvings);
    }
    assertThatThrownBy(() -> config("threads=-1"))
        .hasMessageContaining("threads must not be negative, was -1");
    assertThatThrownBy(() -> config("split=none", "match-weight=-5"))
        .hasMessageContaining("match-weight must not be negative, was -5.0");
    assertThatThrownBy(() -> config("split=none", "inpaint-weight=0").objective().objective())
        .hasMessageContaining("inpaint-weight must be positive, was 0.0");
  }

  @Test
  void whatOnlyTheOtherEngineCanIsRefused() {
    assertThatThrownBy(() -> config("device=cuda"))
        .hasMessageContaining("device=cuda needs engine=torch");
    for (String precision : List.of("tf32", "bf16")) {
      assertThatThrownBy(() -> config("precision=" + precision))
          .hasMessageContaining("precision=" + precision + " needs engine=torch");
    }
    assertThat(config("engine=torch", "device=cuda", "precision=tf32").engine().engines())
        .isInstanceOf(ProvidedEngines.class);
  }

  /** With as many workers as there are slots the rate is for the least, and grows with them. */
  @Test
  void ratesFollowWorkersThatFollowTheSlots() {
    TrainConfig linear = config("workers=0", "min-workers=2", "lr-scaling=linear", "batch-size=16");
    assertThat(linear.run().followsSlots()).isTrue();
    assertThat(linear.run().planner(1000).workers()).isEqualTo(2);
    assertThat(linear.optimisation().rate().peak()).isCloseTo(0.001 * 32 / 2048, within(1e-12));
    assertThat(linear.rateFactor(2)).isEqualTo(1);
    assertThat(linear.rateFactor(8)).isCloseTo(4, within(1e-12));
    assertThat(config("workers=0", "lr-scaling=sqrt").rateFactor(9)).isCloseTo(3, within(1e-12));
    assertThat(config("workers=0").rateFactor(9)).isEqualTo(1);
  }

  @Test
  void workersHaveTheThreadsOfTheirTasks() {
    assertThat(config().run().threads(4)).isEqualTo(4);
    assertThat(config("threads=2").run().threads(4)).isEqualTo(2);
  }

  @Test
  void moreImagesThanARunCanCountAreRefused() {
    assertThat(config().run().planner(2_147_483_639L).images()).isEqualTo(2_147_483_639);
    assertThatThrownBy(() -> config().run().planner(2_147_483_640L))
        .hasMessageContaining("has 2147483640 images, a run can have at most 2147483639")
        .hasMessageContaining("smaller tables")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  private static TrainConfig config(String... words) {
    return Configurations.bind(TrainConfig.class, KeyValues.ofWords(List.of(words)));
  }
}
