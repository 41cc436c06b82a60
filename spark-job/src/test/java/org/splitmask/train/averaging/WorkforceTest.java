/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.VectorStore;

/** Workers by the slots of the executors. */
class WorkforceTest {
  private final AtomicInteger slots = new AtomicInteger();

  @Test
  void workersFollowTheSlotsWithinTheirBounds() {
    SlotWorkforce workforce = new SlotWorkforce(slots::get, 2, 5, workers -> 10.0 * workers);
    List<Integer> workers = new ArrayList<>();
    for (int there : new int[] {0, 1, 2, 4, 9, 3}) {
      slots.set(there);
      workers.add(workforce.workers());
    }
    assertThat(workers).containsExactly(2, 2, 2, 4, 5, 3);
    assertThat(workforce.rateFactor(3)).isEqualTo(30);
  }

  @Test
  void aFixedNumberStaysWhateverTheSlots() {
    FixedWorkforce workforce = new FixedWorkforce(4, slots::get);
    for (int there : new int[] {0, 1, 9}) {
      slots.set(there);
      assertThat(workforce.workers()).isEqualTo(4);
      assertThat(workforce.rateFactor(4)).isEqualTo(1);
    }
  }

  /** 1 worker, then 4, then 2, then more than there are images for: every image once an epoch. */
  @Test
  void everyImageComesOnceAnEpochWhileWorkersComeAndGo() {
    int images = 61;
    int[] there = {1, 1, 4, 4, 2, 9, 3, 3, 1, 6};
    AtomicInteger round = new AtomicInteger();
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Integer> workers = new ArrayList<>();
    List<Double> factors = new ArrayList<>();
    StillRounds still = new StillRounds();
    RoundRunner runner =
        new RoundRunner() {
          @Override
          public FinishedRound run(ModelState start, RoundPlan plan, String what) {
            workers.add(plan.steps().size());
            factors.add(plan.steps().get(0).get(0).rateFactor());
            for (List<StepPlan> lane : plan.steps()) {
              for (StepPlan step : lane) {
                for (Range range : step.places()) {
                  IntStream.range(range.from(), range.to()).forEach(seen.get(step.epoch())::add);
                }
              }
            }
            return still.run(start, plan, what);
          }

          @Override
          public boolean canGoOn() {
            return true;
          }

          @Override
          public void close() {}
        };
    RoundPlanner planner = new RoundPlanner(images, RunLength.ofEpochs(3), 1, 4, 1, 2);
    Workforce workforce =
        new SlotWorkforce(
            () -> there[round.getAndIncrement() % there.length],
            1,
            planner.mostWorkers(),
            count -> count / 4.0);
    TrainingState start =
        new TrainingState(0, 0, VectorStore.create(3, Long.MAX_VALUE, Path.of("")), Cursor.start());

    try (TrainingState end =
        new AveragingLoop(
                planner,
                workforce,
                new RoundTries(runner, new OuterStep(1, 0), 0, () -> 0),
                result -> {},
                () -> 0)
            .run(start)) {
      assertThat(end.cursor().epoch()).isEqualTo(3);
    }
    assertThat(workers.subList(0, 5)).containsExactly(1, 1, 4, 4, 2);
    assertThat(factors)
        .as("the rate of those that take part, also in a round that is short")
        .isEqualTo(workers.stream().map(count -> count / 4.0).toList());
    for (List<Integer> epoch : seen) {
      assertThat(epoch)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, images).boxed().toList());
    }
  }
}
