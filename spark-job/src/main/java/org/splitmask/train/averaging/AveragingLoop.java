/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.StepMetrics;
import org.splitmask.train.local.WorkerResult;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.StepPlan;

/** The training of a run: rounds of local steps on all workers, and their average. */
public final class AveragingLoop {
  private final RoundPlanner planner;
  private final RoundRunner runner;
  private final OuterStep outer;
  private final RoundListener listener;

  /** Who is told of each round: checkpoints, metrics, progress. */
  public interface RoundListener {
    /** Called after every round, in order. */
    void onRound(RoundResult result);
  }

  public AveragingLoop(
      RoundPlanner planner, RoundRunner runner, OuterStep outer, RoundListener listener) {
    this.planner = planner;
    this.runner = runner;
    this.outer = outer;
    this.listener = listener;
  }

  /** Trains from a state to the end of the run. */
  public TrainingState run(TrainingState start) {
    TrainingState state = start;
    while (!planner.isDone(state.cursor())) {
      RoundPlan plan = planner.plan(state.cursor());
      if (plan.steps().get(0).isEmpty()) {
        break; // what is left of the last epoch is too little for so many workers
      }
      RoundResult result = round(state, plan);
      state = result.state();
      listener.onRound(result);
    }
    return state;
  }

  private RoundResult round(TrainingState state, RoundPlan plan) {
    long images = plan.steps().stream().flatMap(List::stream).mapToLong(StepPlan::images).sum();
    float[] start = state.optimizer().parameters();
    ParameterAverager averager = new ParameterAverager(start.length, images);
    List<List<StepMetrics>> steps = new ArrayList<>();
    List<Pace> paces = new ArrayList<>();
    runner.run(
        state.optimizer(),
        plan,
        result -> {
          requireFinite(result, state);
          averager.add(result);
          steps.add(result.steps());
          paces.add(result.pace());
        });
    OptimizerState mean = averager.mean();
    float[] velocity = state.velocity().clone();
    OptimizerState next =
        new OptimizerState(
            outer.apply(start, mean.parameters(), velocity),
            mean.firstMoment(),
            mean.secondMoment(),
            mean.updates());
    TrainingState after = new TrainingState(state.round() + 1, next, velocity, plan.next());
    return new RoundResult(after, images, steps, paces);
  }

  private static void requireFinite(WorkerResult result, TrainingState state) {
    if (result.isFinite()) {
      return;
    }
    StepMetrics last = result.steps().get(result.steps().size() - 1);
    throw Check.failure(
        Blame.USER,
        "the loss is %s at update %d (round %d, worker %d, learning rate %.3g, gradient norm"
            + " %s); nothing of this round is kept, and the last checkpoint is intact. Lower"
            + " learning-rate or clip-norm, or raise warmup-share",
        last.losses().total(),
        state.optimizer().updates() + result.steps().size(),
        state.round() + 1,
        result.worker(),
        last.rate(),
        last.gradientNorm());
  }
}
