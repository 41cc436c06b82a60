/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.task.StepFigures;

/** Rounds whose loss or parameters are not finite above some learning rate. */
class DivergedRoundsTest {
  private static final StepMetrics GOOD = step(2.5);
  private static final StepMetrics BAD = step(Double.NaN);

  private final List<Double> factors = new ArrayList<>();
  private final List<Integer> ended = new ArrayList<>();

  @Test
  void suchARoundEndsTheRunAndNamesTheWorker() {
    assertThatThrownBy(() -> train(0, factor -> true, BAD, 1))
        .hasMessageContaining("the loss is NaN at update 1 (round 1, worker 1, learning rate 0.1")
        .hasMessageContaining("nothing of this round is kept")
        .hasMessageContaining("give rate-halvings")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    assertThat(factors).containsExactly(1.0);
    assertThat(ended).as("nothing was done that could be kept").isEmpty();
  }

  /** A gradient may be finite, and the update from it not. */
  @Test
  void soDoParametersThatAreNotFinite() {
    assertThatThrownBy(() -> train(0, factor -> true, GOOD, Double.POSITIVE_INFINITY))
        .hasMessageContaining("a parameter is not finite at update 1 (round 1, worker 1");
  }

  @Test
  void withHalvingsItIsTriedAgainFromTheSameStateAndTheLowerRateStays() {
    try (TrainingState end = train(3, factor -> factor > 0.25, BAD, 1)) {
      assertThat(end.round()).isEqualTo(2);
      assertThat(end.rateFactor()).isEqualTo(0.25);
    }
    assertThat(factors).containsExactly(1.0, 0.5, 0.25, 0.25);
  }

  @Test
  void thereAreNoMoreHalvingsThanWereAllowed() {
    assertThatThrownBy(() -> train(2, factor -> true, BAD, 1)).hasMessageContaining("the loss is");
    assertThat(factors).containsExactly(1.0, 0.5, 0.25);
  }

  /** The count is that of the run: a resumed one has no more than what is left. */
  @Test
  void theHalvingsOfAnEarlierStartCount() {
    TrainingState resumed =
        new TrainingState(4, 4, VectorStore.create(3, Long.MAX_VALUE, Path.of("")), start(), 0.5);

    assertThatThrownBy(() -> loop(2, factor -> true, BAD, 1).run(resumed))
        .hasMessageContaining("round 5");
    assertThat(factors).containsExactly(0.5, 0.25);
  }

  /** The first round is good, the second is not. */
  @Test
  void whatWasDoneBeforeIsKept() {
    assertThatThrownBy(() -> train(0, factor -> factors.size() == 2, BAD, 1))
        .hasMessageContaining("round 2, worker 1");
    assertThat(ended).containsExactly(1);
  }

  private TrainingState train(
      int halvings, DoublePredicate diverges, StepMetrics last, double deltaNorm) {
    return loop(halvings, diverges, last, deltaNorm)
        .run(new TrainingState(0, 0, VectorStore.create(3, Long.MAX_VALUE, Path.of("")), start()));
  }

  /** Two rounds of two workers, of which the second diverges. */
  private AveragingLoop loop(
      int halvings, DoublePredicate diverges, StepMetrics last, double deltaNorm) {
    RoundRunner runner =
        new RoundRunner() {
          @Override
          public FinishedRound run(ModelState start, RoundPlan plan, String what) {
            double factor = plan.steps().get(0).get(0).rateFactor();
            factors.add(factor);
            FinishedRound good = new StillRounds().run(start, plan, what);
            if (!diverges.test(factor)) {
              return good;
            }
            List<WorkerReport> reports = new ArrayList<>(good.reports());
            reports.set(1, new WorkerReport(1, 4, List.of(last), deltaNorm, new Pace(1, 0, 0), 0));
            return new StillRounds.Finished(start.segments(), reports);
          }

          @Override
          public boolean canGoOn() {
            return true;
          }

          @Override
          public void close() {}
        };
    RoundListener listener =
        new RoundListener() {
          @Override
          public void onRound(RoundResult result) {}

          @Override
          public void onEnd(TrainingState state) {
            ended.add(state.round());
          }
        };
    RoundPlanner planner = new RoundPlanner(8, RunLength.ofEpochs(2), 2, 4, 1, 1);
    return Loops.of(planner, runner, new OuterStep(1, 0), halvings, listener, () -> 0);
  }

  private static Cursor start() {
    return Cursor.start();
  }

  private static StepMetrics step(double loss) {
    return new StepMetrics(4, new StepFigures(loss, Map.of()), 0.1, 1);
  }
}
