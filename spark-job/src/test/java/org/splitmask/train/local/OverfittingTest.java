/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;

/** A network that cannot learn 32 images by heart will learn nothing of many. */
class OverfittingTest {
  private static final int IMAGES = 32;
  private static final int UPDATES = 300;

  @ParameterizedTest
  @EnumSource(Branches.class)
  void thirtyTwoImagesAreOverfitted(Branches branches) {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(branches);
    SplitMaskBatch batch = SmallTraining.batch(settings, IMAGES);
    try (EngineSteps steps = new EngineSteps(settings, SmallTraining.start(settings))) {
      double first = steps.step(batch, 0).figures().get("inpaint");
      StepMetrics last = null;
      for (int update = 2; update <= UPDATES; update++) {
        last = steps.step(batch, (double) update / UPDATES);
      }

      assertThat(first).isGreaterThan(0.8 * Math.log(SmallTraining.VOCABULARY));
      assertThat(last).isNotNull();
      assertThat(last.figures().get("inpaint")).isLessThan(0.1 * first);
      if (branches == Branches.TWO) {
        assertThat(last.figures().get("matchAccuracy")).isGreaterThan(0.9);
      }
    }
  }
}
