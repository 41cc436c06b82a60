/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.train.averaging.RoundRunner.FinishedRound;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.state.Distance;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * One round and its average, tried until it succeeds or another try would not help. Every try
 * begins with the same state: nothing of a failed one is kept.
 */
public final class RoundTries {
  private static final Logger LOG = LoggerFactory.getLogger(RoundTries.class);

  /**
   * How often a round is tried that the cluster fails. Spark has tried each of its tasks four
   * times; but a node whose disk or memory fails can use up those four within a second, and a new
   * round excludes it.
   */
  private static final int TRIES = 3;

  private final RoundRunner runner;
  private final OuterStep outer;
  private final double leastRateFactor;
  private final LongSupplier nanoTime;

  /**
   * Tries rounds.
   *
   * @param rateHalvings how often the learning rate may be halved in a run
   */
  public RoundTries(RoundRunner runner, OuterStep outer, int rateHalvings, LongSupplier nanoTime) {
    this.runner = runner;
    this.outer = outer;
    this.leastRateFactor = Math.scalb(1.0, -rateHalvings);
    this.nanoTime = nanoTime;
  }

  /**
   * What a round came to.
   *
   * @param state after it
   * @param reports of the workers that came to their end
   * @param stragglers how many did not
   * @param deltas how far the workers went
   * @param send the seconds that it took to give the state to Spark
   * @param collect the seconds that it took to fetch the means
   * @param executorBytes to each executor
   * @param workerBytes from each worker
   */
  record Averaged(
      TrainingState state,
      List<WorkerReport> reports,
      int stragglers,
      RoundDeltas deltas,
      double send,
      double collect,
      long executorBytes,
      long workerBytes) {}

  /** Whether somebody has asked for an end. */
  boolean isStopped() {
    return runner.isStopped();
  }

  /**
   * Runs a round.
   *
   * @param what the round, for whoever watches
   * @return nothing, where the run was stopped
   */
  @Nullable Averaged run(TrainingState state, RoundPlan plan, String what) {
    double factor = state.rateFactor();
    int tries = 1;
    while (true) {
      try {
        return attempt(state, plan, factor, what);
      } catch (DivergedException e) {
        if (factor / 2 < leastRateFactor) {
          throw e.asFailure();
        }
        factor /= 2;
        LOG.warn("{} is tried again at {} of the learning rate: {}", what, factor, e.getMessage());
      } catch (Exception e) { // Spark's own are checked, and nobody declares them
        if (runner.isStopped()) {
          LOG.info("{} is given up: {}", what, Diagnosis.of(e).message());
          return null;
        }
        if (tries == TRIES || !isWorthARetry(e)) {
          throw e;
        }
        tries++;
        LOG.warn(
            "{} failed and is tried again ({} of {}): {}",
            what,
            tries,
            TRIES,
            Diagnosis.of(e).message());
      }
    }
  }

  private boolean isWorthARetry(Exception failure) {
    return Diagnosis.of(failure).blame().worthRetry() && runner.canGoOn();
  }

  private Averaged attempt(TrainingState state, RoundPlan plan, double factor, String what) {
    try (FinishedRound finished = runner.run(state, plan.atRate(factor), what)) {
      List<WorkerReport> reports = finished.reports();
      DivergedException.check(reports, state);
      Cursor next = plan.without(finished.stragglers()).next();
      long began = nanoTime.getAsLong();
      VectorStore after = state.vectors().another();
      boolean done = false;
      try {
        double distance = average(state.vectors(), finished, after);
        done = true;
        return new Averaged(
            new TrainingState(state.round() + 1, next.updates(), after, next, factor),
            reports,
            finished.stragglers().size(),
            RoundDeltas.of(reports, distance),
            finished.sendSeconds(),
            (nanoTime.getAsLong() - began) / 1e9,
            finished.executorBytes(),
            finished.workerBytes());
      } finally {
        // Not by catching: a Spark job that fails throws a checked exception that nobody declares.
        if (!done) {
          after.close();
        }
      }
    }
  }

  /**
   * The mean of the workers' states and the outer step from it, segment by segment.
   *
   * @return ‖θ̄ − θ_r‖
   */
  private double average(VectorStore before, FinishedRound finished, VectorStore after) {
    double squared = 0;
    for (int s = 0; s < before.segments().count(); s++) {
      StateSegment mean = finished.mean(s);
      float[] start = before.read(Vector.PARAMETERS, s);
      squared += Distance.squared(start, mean.parameters());
      after.write(s, mean);
      if (!outer.isPlain()) {
        float[] velocity = before.read(Vector.VELOCITY, s).clone();
        after.write(Vector.PARAMETERS, s, outer.apply(start, mean.parameters(), velocity));
        after.write(Vector.VELOCITY, s, velocity);
      }
    }
    return Math.sqrt(squared);
  }
}
