/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.VectorStore;

/** A round that the cluster failed is tried three times; any other failure ends the run at once. */
class RetriedRoundsTest {
  private static final RuntimeException LOST =
      new UncheckedIOException(new IOException("no space left on the disk of node 7"));

  private final Deque<RuntimeException> failures = new ArrayDeque<>();
  private final List<String> tried = new ArrayList<>();
  private boolean isStopped;

  @Test
  void aRoundThatFailsTwiceIsDoneAllTheSame() {
    failures.addAll(List.of(LOST, LOST));

    try (TrainingState end = train()) {
      assertThat(end.round()).isEqualTo(2);
    }
    assertThat(tried)
        .containsExactly("round 1 of 2", "round 1 of 2", "round 1 of 2", "round 2 of 2");
  }

  @Test
  void theThirdFailureOfARoundEndsTheRun() {
    failures.addAll(List.of(LOST, LOST, LOST));

    assertThatThrownBy(this::train).isSameAs(LOST);
    assertThat(tried).hasSize(3);
  }

  @Test
  void whatAnotherTryCannotMendIsNotTriedAgain() {
    RuntimeException wrong = Check.failure(Blame.USER, "the loss is NaN");
    failures.add(wrong);

    assertThatThrownBy(this::train).isSameAs(wrong);
    assertThat(tried).hasSize(1);
  }

  @Test
  void afterTheClusterItselfIsGoneNothingIsTriedAgain() {
    failures.add(LOST);
    isStopped = true;

    assertThatThrownBy(this::train).isSameAs(LOST);
    assertThat(tried).hasSize(1);
  }

  /** Two rounds. */
  private TrainingState train() {
    RoundPlanner planner = new RoundPlanner(8, RunLength.ofEpochs(2), 2, 4, 1, 1);
    RoundRunner runner =
        new RoundRunner() {
          @Override
          public FinishedRound run(ModelState start, RoundPlan plan, String what) {
            tried.add(what);
            if (!failures.isEmpty()) {
              throw failures.poll();
            }
            return new StillRounds().run(start, plan, what);
          }

          @Override
          public boolean canGoOn() {
            return !isStopped;
          }

          @Override
          public void close() {}
        };
    TrainingState start =
        new TrainingState(0, 0, VectorStore.create(3, Long.MAX_VALUE, Path.of("")), Cursor.start());
    return Loops.of(planner, runner, new OuterStep(1, 0), 0, result -> {}, () -> 0).run(start);
  }
}
