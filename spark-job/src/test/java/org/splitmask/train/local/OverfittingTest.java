/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskBatchAssembler;
import org.splitmask.train.state.OptimizerState;

/** A network that cannot learn 32 images by heart will learn nothing of many. */
class OverfittingTest {
  private static final int IMAGES = 32;
  private static final int UPDATES = 300;

  @ParameterizedTest
  @EnumSource(Branches.class)
  void thirtyTwoImagesAreLearntByHeart(Branches branches) {
    TrainerSettings settings = SmallTraining.settings(branches);
    LocalTrainer trainer = new LocalTrainer(settings, InstantSource.system());
    OptimizerState state = SmallTraining.start(settings);
    SplitMaskBatch batch =
        new SplitMaskBatchAssembler(settings.miniBatches())
            .assemble(SmallTraining.pictures(IMAGES), 0);

    double first = trainer.step(state, batch, 0, 1).losses().inpaint();
    StepMetrics last = null;
    for (int update = 2; update <= UPDATES; update++) {
      last = trainer.step(state, batch, (double) update / UPDATES, update);
    }

    assertThat(first).isGreaterThan(0.8 * Math.log(SmallTraining.VOCABULARY));
    assertThat(last).isNotNull();
    assertThat(last.losses().inpaint()).isLessThan(0.1 * first);
    if (branches == Branches.TWO) {
      assertThat(last.losses().matchAccuracy()).isGreaterThan(0.9);
    }
  }
}
