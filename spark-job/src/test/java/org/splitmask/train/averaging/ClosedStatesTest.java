/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.state.VectorStore;

/** What a loop holds is gigabytes: it closes each state that it needs no longer. */
class ClosedStatesTest {
  private final AtomicInteger closed = new AtomicInteger();
  private final TrainingState start =
      new TrainingState(
          0,
          0,
          new CountingStore(VectorStore.create(3, Long.MAX_VALUE, Path.of("")), closed),
          Cursor.start());

  @Test
  void everyRoundClosesTheStateBeforeItAndTheLastIsTheCallers() {
    List<Integer> seen = new ArrayList<>();

    TrainingState end = loop(new StillRounds(), result -> seen.add(closed.get())).run(start);

    assertThat(seen).containsExactly(1, 2);
    assertThat(closed).hasValue(2);
    end.close();
    assertThat(closed).hasValue(3);
  }

  /** Spark's own exceptions are checked, and Scala throws them undeclared. */
  @Test
  void whatSparkThrowsClosesTheState() {
    RoundRunner failing =
        new Rounds() {
          @Override
          public FinishedRound run(ModelState state, RoundPlan plan, String what) {
            throw ClosedStatesTest.<RuntimeException>undeclared(new Exception("a lost stage"));
          }
        };

    assertThatThrownBy(() -> loop(failing, result -> {}).run(start)).hasMessage("a lost stage");
    assertThat(closed).hasValue(1);
  }

  @Test
  void aMeanThatCannotBeFetchedClosesTheStatesOnBothSidesOfTheRound() {
    RoundRunner lossy =
        new Rounds() {
          @Override
          public FinishedRound run(ModelState state, RoundPlan plan, String what) {
            return new LostMeans(new StillRounds().run(state, plan, what).reports());
          }
        };

    assertThatThrownBy(() -> loop(lossy, result -> {}).run(start)).hasMessage("a lost executor");
    assertThat(closed).hasValue(2);
  }

  @Test
  void aListenerThatFailsClosesTheStateThatItWasTold() {
    RoundListener full =
        result -> {
          throw new IllegalStateException("a full disk");
        };

    assertThatThrownBy(() -> loop(new StillRounds(), full).run(start)).hasMessage("a full disk");
    assertThat(closed).hasValue(2);
  }

  @Test
  void anEndThatFailsIsNotTriedAgainAndClosesTheState() {
    AtomicInteger ends = new AtomicInteger();
    RoundListener full =
        new RoundListener() {
          @Override
          public void onRound(RoundResult result) {}

          @Override
          public void onEnd(TrainingState state) {
            ends.incrementAndGet();
            throw new IllegalStateException("a full disk");
          }
        };

    assertThatThrownBy(() -> loop(new StillRounds(), full).run(start)).hasMessage("a full disk");
    assertThat(ends).hasValue(1);
    assertThat(closed).hasValue(3);
  }

  /** What is thrown while the rest is put away must not hide why. */
  @Test
  void aStateThatCannotBeKeptDoesNotHideTheFailure() {
    AtomicInteger rounds = new AtomicInteger();
    RoundRunner failing =
        new Rounds() {
          @Override
          public FinishedRound run(ModelState state, RoundPlan plan, String what) {
            if (rounds.incrementAndGet() == 2) {
              throw new IllegalStateException("a lost cluster");
            }
            return new StillRounds().run(state, plan, what);
          }
        };
    RoundListener broken =
        new RoundListener() {
          @Override
          public void onRound(RoundResult result) {}

          @Override
          public void onEnd(TrainingState state) {
            throw new OutOfMemoryError("while it is kept");
          }
        };

    assertThatThrownBy(() -> loop(failing, broken).run(start)).hasMessage("a lost cluster");
    assertThat(closed).hasValue(2);
  }

  @SuppressWarnings("unchecked") // that is what Scala does
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }

  /** Two rounds. */
  private static AveragingLoop loop(RoundRunner runner, RoundListener listener) {
    RoundPlanner planner = new RoundPlanner(8, RunLength.ofEpochs(2), 2, 4, 1, 1);
    return Loops.of(planner, runner, new OuterStep(1, 0), 0, listener, () -> 0);
  }

  private abstract static class Rounds implements RoundRunner {
    @Override
    public boolean canGoOn() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** A round whose means cannot be fetched. */
  private record LostMeans(List<WorkerReport> reports) implements RoundRunner.FinishedRound {
    @Override
    public StateSegment mean(int segment) {
      throw new IllegalStateException("a lost executor");
    }

    @Override
    public void close() {}
  }

  /** Counts how often it is closed, together with those that are made of it. */
  private record CountingStore(VectorStore store, AtomicInteger closed) implements VectorStore {
    @Override
    public Segments segments() {
      return store.segments();
    }

    @Override
    public float[] read(Vector vector, int segment) {
      return store.read(vector, segment);
    }

    @Override
    public void write(Vector vector, int segment, float[] values) {
      store.write(vector, segment, values);
    }

    @Override
    public VectorStore another() {
      return new CountingStore(store.another(), closed);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      store.close();
    }
  }
}
