/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.VectorStore;

/** Workers that come and go leave no mark on the loss. */
class ChangingWorkersTest {
  private static final int IMAGES = 64;
  private static final int EPOCHS = 12;
  private static final TrainerSettings<SplitMaskBatch> SETTINGS =
      SmallTraining.settings(Branches.TWO);

  @Test
  void theLossFallsAsSmoothlyAsWithTheSameWorkersAllTheTime() {
    double[] fixed = losses(epoch -> 2);
    double[] changing = losses(epoch -> epoch < 4 ? 1 : epoch < 8 ? 4 : 2);

    assertThat(fixed[EPOCHS - 1]).isLessThan(fixed[0] - 0.15);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      assertThat(changing[epoch]).as("epoch %d", epoch).isCloseTo(fixed[epoch], within(0.06));
    }
    assertThat(largestRise(changing)).isLessThan(largestRise(fixed) + 0.02);
  }

  private static double largestRise(double[] losses) {
    return IntStream.range(1, losses.length)
        .mapToDouble(epoch -> losses[epoch] - losses[epoch - 1])
        .max()
        .orElseThrow();
  }

  private interface WorkersOfEpoch {
    int in(int epoch);
  }

  /** The mean loss of each epoch. */
  private static double[] losses(WorkersOfEpoch workers) {
    double[] sums = new double[EPOCHS];
    long[] images = new long[EPOCHS];
    AtomicInteger epoch = new AtomicInteger();
    RoundListener listener =
        result -> {
          RoundMetrics metrics = result.metrics();
          sums[epoch.get()] += metrics.loss() * metrics.images();
          images[epoch.get()] += metrics.images();
          epoch.set(metrics.epoch());
        };
    RoundPlanner planner =
        new RoundPlanner(IMAGES, RunLength.ofEpochs(EPOCHS), 1, 8, 1, 2, 0, true);
    LocalTrainer<SplitMaskBatch> trainer = new LocalTrainer<>(SETTINGS, InstantSource.system());
    try (LocalRounds rounds = new LocalRounds(trainer, SmallTraining.rows(IMAGES));
        TrainingState end =
            new AveragingLoop(
                    planner,
                    () -> workers.in(epoch.get()),
                    new RoundTries(rounds, new OuterStep(1, 0), 0, () -> 0),
                    listener,
                    () -> 0)
                .run(start())) {
      assertThat(end.cursor().epoch()).isEqualTo(EPOCHS);
    }
    double[] losses = new double[EPOCHS];
    for (int i = 0; i < EPOCHS; i++) {
      assertThat(images[i]).as("images of epoch %d", i).isEqualTo(IMAGES);
      losses[i] = sums[i] / images[i];
    }
    return losses;
  }

  private static TrainingState start() {
    return TrainingState.start(
        VectorStore.create(SETTINGS.task().layout().length(), Long.MAX_VALUE, Path.of("")),
        new InitialParameters(SETTINGS.task().layout(), SETTINGS.seed()));
  }
}
