/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

class AveragingLoopTest {
  private static final int IMAGES = 26;
  private static final OuterStep PLAIN = new OuterStep(1, 0);
  private static final OuterStep NESTEROV = new OuterStep(0.7, 0.9);
  private static final TrainerSettings<SplitMaskBatch> SETTINGS =
      SmallTraining.settings(Branches.TWO);

  private final List<String> told = new ArrayList<>();
  private final List<RoundMetrics> metrics = new ArrayList<>();

  @Test
  void theLastStateIsTheWeightedMeanOfTheWorkers() {
    // One round of one step: 26 images, of which each of three workers has 8 or 9.
    RoundPlanner planner = planner(3, 1, 9, 1);
    float[] expected = new float[SETTINGS.task().layout().length()];
    double[] sum = new double[expected.length];
    try (LocalTrainer<SplitMaskBatch> trainer = trainer()) {
      OptimizerState start = SmallTraining.start(SETTINGS);
      var plan = planner.plan(Cursor.start());
      for (int worker = 0; worker < 3; worker++) {
        var report =
            trainer.train(worker, start, plan.steps().get(worker), SmallTraining.rows(IMAGES));
        float[] trained = OptimizerState.copyOf(trainer.state()).parameters();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += (double) report.images() / IMAGES * trained[i];
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      expected[i] = (float) sum[i];
    }

    TrainingState end = train(planner, PLAIN, start());

    assertThat(end.round()).isEqualTo(1);
    assertThat(end.updates()).isEqualTo(1);
    assertThat(end.vectors().read(Vector.PARAMETERS, 0)).isEqualTo(expected);
    assertThat(end.vectors().read(Vector.VELOCITY, 0)).containsOnly(0);
  }

  @Test
  void theVelocityOfTheOuterStepIsKeptFromRoundToRound() {
    float[] start = SmallTraining.start(SETTINGS).parameters();
    TrainingState mean = train(planner(2, 1, 13, 1), PLAIN, start());
    float[] average = mean.vectors().read(Vector.PARAMETERS, 0);

    TrainingState first = train(planner(2, 1, 13, 1), NESTEROV, start());
    float[] velocity = first.vectors().read(Vector.VELOCITY, 0);
    float[] moved = first.vectors().read(Vector.PARAMETERS, 0);
    for (int i = 0; i < start.length; i++) {
      double delta = (double) average[i] - start[i];
      assertThat(velocity[i]).isEqualTo((float) delta);
      assertThat((double) moved[i]).isCloseTo(start[i] + 0.7 * 1.9 * delta, within(1e-6));
    }

    // Two epochs, a round each: the second goes on with the first's velocity.
    TrainingState second = train(planner(2, 2, 13, 1), NESTEROV, start());
    assertThat(second.round()).isEqualTo(2);
    assertThat(second.vectors().read(Vector.VELOCITY, 0)).isNotEqualTo(velocity);
    double kept = 0;
    for (float v : second.vectors().read(Vector.VELOCITY, 0)) {
      kept += (double) v * v;
    }
    double before = 0;
    for (float v : velocity) {
      before += (double) v * v;
    }
    assertThat(kept).isGreaterThan(before);
  }

  /** A resumed run goes on with the velocity of its checkpoint. */
  @Test
  void goingOnFromTheMiddleIsTheSameRun() {
    TrainingState whole = train(planner(2, 4, 7, 2), NESTEROV, start());
    TrainingState half = train(planner(2, 2, 7, 2), NESTEROV, start());
    assertThat(half.round()).isLessThan(whole.round());

    // The rate depends on the share of the run, so that the halves are of one plan.
    List<TrainingState> copies = new ArrayList<>();
    RoundPlanner planner = planner(2, 4, 7, 2);
    loop(
            planner,
            NESTEROV,
            result -> {
              if (result.state().round() == 2) {
                copies.add(copy(result.state()));
              }
            })
        .run(start());
    TrainingState resumed = train(planner, NESTEROV, copies.get(0));
    for (Vector vector : Vector.values()) {
      assertThat(resumed.vectors().read(vector, 0)).isEqualTo(whole.vectors().read(vector, 0));
    }
    assertThat(resumed.round()).isEqualTo(whole.round());
    assertThat(resumed.cursor()).isEqualTo(whole.cursor());
  }

  @Test
  void listenersAreToldInOrderOfEveryRoundAndTheEnd() {
    TrainingState end = train(planner(2, 2, 7, 1), PLAIN, start());

    assertThat(end.round()).isEqualTo(4);
    assertThat(told).containsExactly("round 1", "round 2", "round 3", "round 4", "end 4");
    assertThat(metrics).extracting(RoundMetrics::images).containsExactly(12L, 14L, 12L, 14L);
    assertThat(metrics).extracting(RoundMetrics::workers).containsOnly(2);
    assertThat(metrics).extracting(RoundMetrics::updates).containsExactly(1L, 2L, 3L, 4L);
    assertThat(metrics).extracting(RoundMetrics::epoch).containsExactly(0, 1, 1, 2);
    // The clock of the test ticks a second each time it is asked: when a round begins, before and
    // after the means are fetched, and when it ends.
    assertThat(metrics).extracting(m -> m.times().seconds()).containsOnly(4.0);
    assertThat(metrics).extracting(m -> m.times().keep()).containsOnly(1.0);
    assertThat(metrics).extracting(m -> m.times().collect()).containsOnly(1.0);
    assertThat(metrics.get(0).figures().keySet())
        .containsExactly(
            "inpaint", "match", "matchAccuracy", "descriptorDeviation", "effectiveRank");
  }

  /** The writer of a checkpoint may hold the state before; the time belongs to keeping. */
  @Test
  void waitingForTheStateBeforeIsTimeOfKeeping() {
    long[] clock = {0};
    RoundListener slow =
        new RoundListener() {
          @Override
          public void onRound(RoundResult result) {
            metrics.add(result.metrics());
          }

          @Override
          public void release(TrainingState state) {
            clock[0] += 5_000_000_000L;
          }
        };
    LocalRounds rounds = new LocalRounds(trainer(), SmallTraining.rows(IMAGES));
    Loops.of(planner(2, 2, 7, 1), rounds, PLAIN, 0, slow, () -> clock[0]).run(start()).close();

    assertThat(metrics).extracting(m -> m.times().keep()).containsExactly(0.0, 5.0, 5.0, 5.0);
    assertThat(metrics).extracting(m -> m.times().combine()).containsOnly(0.0);
  }

  @Test
  void aRunThatIsDoneTrainsNothing() {
    RoundPlanner planner = planner(2, 1, 13, 1);
    TrainingState done = train(planner, PLAIN, start());
    told.clear();
    TrainingState again = train(planner, PLAIN, done);
    assertThat(again).isSameAs(done);
    assertThat(told).containsExactly("end 1");
  }

  @Test
  void aLossThatIsNotFiniteKeepsNothingOfTheRound() {
    TrainingState broken = start();
    float[] values = new float[SETTINGS.task().layout().length()];
    Arrays.fill(values, Float.NaN);
    broken.vectors().write(Vector.PARAMETERS, 0, values);

    assertThatThrownBy(() -> train(planner(2, 1, 13, 1), PLAIN, broken))
        .hasMessageContaining("the loss is NaN at update 1 (round 1, worker 0");
    assertThat(told).isEmpty();
  }

  private TrainingState train(RoundPlanner planner, OuterStep outer, TrainingState start) {
    RoundListener names =
        new RoundListener() {
          @Override
          public void onRound(RoundResult result) {
            told.add("round " + result.state().round());
          }

          @Override
          public void onEnd(TrainingState state) {
            told.add("end " + state.round());
          }
        };
    RoundListener figures = result -> metrics.add(result.metrics());
    return loop(planner, outer, RoundListener.all(List.of(names, figures))).run(start);
  }

  private static AveragingLoop loop(RoundPlanner planner, OuterStep outer, RoundListener listener) {
    LocalRounds rounds = new LocalRounds(trainer(), SmallTraining.rows(IMAGES));
    long[] clock = {0};
    return Loops.of(planner, rounds, outer, 0, listener, () -> clock[0] += 1_000_000_000L);
  }

  private static LocalTrainer<SplitMaskBatch> trainer() {
    return new LocalTrainer<>(SETTINGS, InstantSource.system());
  }

  private static RoundPlanner planner(int workers, int epochs, int batch, int stepsPerRound) {
    return new RoundPlanner(IMAGES, RunLength.ofEpochs(epochs), workers, batch, 1, stepsPerRound);
  }

  private static TrainingState start() {
    return TrainingState.start(
        vectors(), new InitialParameters(SETTINGS.task().layout(), SETTINGS.seed()));
  }

  private static TrainingState copy(TrainingState state) {
    VectorStore vectors = vectors();
    for (Vector vector : Vector.values()) {
      vectors.write(vector, 0, state.vectors().read(vector, 0).clone());
    }
    return new TrainingState(state.round(), state.updates(), vectors, state.cursor());
  }

  private static VectorStore vectors() {
    return VectorStore.create(SETTINGS.task().layout().length(), Long.MAX_VALUE, Path.of(""));
  }
}
