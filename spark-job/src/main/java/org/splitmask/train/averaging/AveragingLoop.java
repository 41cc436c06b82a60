/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.train.averaging.RoundTries.Averaged;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;

/**
 * The training of a run: rounds of local steps on all workers, and their average. Of the vectors it
 * holds a segment at a time, whatever the number of workers.
 */
public final class AveragingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingLoop.class);

  private final RoundPlanner planner;
  private final Workforce workforce;
  private final RoundTries tries;
  private final RoundListener listener;
  private final LongSupplier nanoTime;

  /**
   * A loop.
   *
   * @param planner whose number of workers gives way to that of the workforce
   * @param tries runs each round
   * @param nanoTime tells how long rounds take; nothing else depends on it
   */
  public AveragingLoop(
      RoundPlanner planner,
      Workforce workforce,
      RoundTries tries,
      RoundListener listener,
      LongSupplier nanoTime) {
    this.planner = planner;
    this.workforce = workforce;
    this.tries = tries;
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
    boolean isEnding = false;
    boolean done = false;
    try {
      long ended = nanoTime.getAsLong();
      while (!planner.isDone(state.cursor()) && !tries.isStopped()) {
        long began = nanoTime.getAsLong();
        int workers = workforce.workers();
        RoundPlanner dealt = planner.withWorkers(workers);
        RoundPlan plan = dealt.plan(state.cursor());
        if (plan.steps().get(0).isEmpty()) {
          break; // what is left of the last epoch is too little for a step
        }
        double rate = workforce.rateFactor(plan.steps().size());
        Averaged round = tries.run(state, plan.atRate(rate), name(state, dealt));
        if (round == null) {
          break; // the state before this round is the last
        }
        long finished = nanoTime.getAsLong();
        leave(state); // may wait for a checkpoint, in the time that the next round calls keeping
        state = round.state();
        listener.onRound(new RoundResult(state, metrics(round, ended, began, finished)));
        ended = finished;
      }
      isEnding = true;
      listener.onEnd(state);
      done = true;
      return state;
    } finally {
      // Not by catching: a Spark job that fails throws a checked exception that nobody declares.
      if (!done) {
        giveUp(state, !isEnding && state.round() > start.round());
      }
    }
  }

  /** Whatever goes wrong here comes after the failure that people have to know of. */
  private void giveUp(TrainingState state, boolean keeps) {
    try {
      if (keeps) {
        keep(state);
      }
      leave(state);
    } catch (RuntimeException | Error e) {
      LOG.warn("round {} is not freed: {}", state.round(), Diagnosis.of(e).message());
    }
  }

  /** The rounds since the last checkpoint are done, and the next start need not do them again. */
  private void keep(TrainingState state) {
    try {
      listener.onEnd(state);
    } catch (RuntimeException | Error e) {
      LOG.warn("round {} is not kept either: {}", state.round(), Diagnosis.of(e).message());
    }
  }

  private static String name(TrainingState state, RoundPlanner dealt) {
    int number = state.round() + 1;
    return "round " + number + " of " + (state.round() + dealt.roundsLeft(state.cursor()));
  }

  private void leave(TrainingState state) {
    listener.release(state);
    state.close();
  }

  private static RoundMetrics metrics(Averaged round, long ended, long began, long finished) {
    RoundTimes times =
        RoundTimes.of(
            (finished - ended) / 1e9,
            (began - ended) / 1e9,
            round.send(),
            round.collect(),
            round.reports());
    return RoundMetrics.of(round, times);
  }
}
