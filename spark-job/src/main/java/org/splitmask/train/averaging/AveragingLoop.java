/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.train.averaging.RoundRunner.FinishedRound;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * The training of a run: rounds of local steps on all workers, and their average. Of the vectors it
 * holds a segment at a time, whatever the number of workers.
 */
public final class AveragingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingLoop.class);

  /**
   * How often a round is tried. Spark has tried each of its tasks four times; but a node whose disk
   * or memory fails can use up those four within a second, and a new round excludes it.
   */
  private static final int ATTEMPTS = 3;

  private final RoundPlanner planner;
  private final RoundRunner runner;
  private final OuterStep outer;
  private final RoundListener listener;
  private final LongSupplier nanoTime;

  /**
   * A loop.
   *
   * @param nanoTime tells how long rounds take; nothing else depends on it
   */
  public AveragingLoop(
      RoundPlanner planner,
      RoundRunner runner,
      OuterStep outer,
      RoundListener listener,
      LongSupplier nanoTime) {
    this.planner = planner;
    this.runner = runner;
    this.outer = outer;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  /**
   * Trains from a state to the end of the run.
   *
   * @param start closed when the round after it is done, or when training fails
   * @return the last state, which the caller closes; of a run that was stopped, the one after its
   *     last whole round
   */
  public TrainingState run(TrainingState start) {
    TrainingState state = start;
    boolean done = false;
    try {
      long roundStartedAt = nanoTime.getAsLong();
      while (!planner.isDone(state.cursor()) && !runner.isStopped()) {
        RoundPlan plan = planner.plan(state.cursor());
        if (plan.steps().get(0).isEmpty()) {
          break; // what is left of the last epoch is too little for so many workers
        }
        Averaged averaged = round(state, plan);
        if (averaged == null) {
          break; // the state before this round is the last
        }
        state.close();
        state = averaged.state();
        long now = nanoTime.getAsLong();
        double seconds = (now - roundStartedAt) / 1e9;
        roundStartedAt = now;
        RoundMetrics metrics = RoundMetrics.of(state, averaged.reports(), seconds);
        listener.onRound(new RoundResult(state, metrics));
      }
      listener.onEnd(state);
      done = true;
      return state;
    } finally {
      // Not by catching: a Spark job that fails throws a checked exception that nobody declares.
      if (!done) {
        state.close();
      }
    }
  }

  /** What a round came to: the state after it, and what its workers told. */
  private record Averaged(TrainingState state, List<WorkerReport> reports) {}

  /**
   * A round that the cluster failed is tried again from the same state, to the same bits. Nothing
   * comes of one that was stopped.
   */
  private @Nullable Averaged round(TrainingState state, RoundPlan plan) {
    int number = state.round() + 1;
    String what = "round " + number + " of " + (state.round() + planner.roundsLeft(state.cursor()));
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(state, plan, what);
      } catch (Exception e) { // Spark's own are checked, and nobody declares them
        if (runner.isStopped()) {
          LOG.info("{} is given up: {}", what, Diagnosis.of(e).message());
          return null;
        }
        if (attempt == ATTEMPTS || !isWorthARetry(e)) {
          throw e;
        }
        LOG.warn(
            "{} failed and is tried again ({} of {}): {}",
            what,
            attempt + 1,
            ATTEMPTS,
            Diagnosis.of(e).message());
      }
    }
  }

  private boolean isWorthARetry(Exception failure) {
    return Diagnosis.of(failure).blame().worthRetry() && runner.canGoOn();
  }

  private Averaged attempt(TrainingState state, RoundPlan plan, String what) {
    try (FinishedRound finished = runner.run(state, plan, what)) {
      List<WorkerReport> reports = finished.reports();
      for (WorkerReport report : reports) {
        requireFinite(report, state);
      }
      VectorStore after = state.vectors().another();
      boolean done = false;
      try {
        average(state.vectors(), finished, after);
        done = true;
      } finally {
        if (!done) {
          after.close();
        }
      }
      long updates = reports.get(0).updates();
      return new Averaged(
          new TrainingState(state.round() + 1, updates, after, plan.next()), reports);
    }
  }

  /** The mean of the workers' states and the outer step from it, segment by segment. */
  private void average(VectorStore before, FinishedRound finished, VectorStore after) {
    for (int s = 0; s < before.segments().count(); s++) {
      StateSegment mean = finished.mean(s);
      after.write(s, mean);
      if (!outer.isPlain()) {
        float[] velocity = before.read(Vector.VELOCITY, s).clone();
        float[] start = before.read(Vector.PARAMETERS, s);
        after.write(Vector.PARAMETERS, s, outer.apply(start, mean.parameters(), velocity));
        after.write(Vector.VELOCITY, s, velocity);
      }
    }
  }

  private static void requireFinite(WorkerReport report, TrainingState state) {
    if (report.isFinite()) {
      return;
    }
    StepMetrics last = report.steps().get(report.steps().size() - 1);
    throw Check.failure(
        Blame.USER,
        "the loss is %s at update %d (round %d, worker %d, learning rate %.3g, gradient norm"
            + " %s); nothing of this round is kept, and the last checkpoint is intact. Lower"
            + " learning-rate or clip-norm, or raise warmup-share",
        last.figures().total(),
        state.updates() + report.steps().size(),
        state.round() + 1,
        report.worker(),
        last.rate(),
        last.gradientNorm());
  }
}
