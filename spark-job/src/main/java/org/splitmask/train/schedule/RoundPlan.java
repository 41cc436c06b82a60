/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.splitmask.common.failure.Check;

/**
 * What the workers do in one round.
 *
 * @param steps by worker; every worker has the same number
 * @param next where the run stands afterwards
 */
public record RoundPlan(List<List<StepPlan>> steps, Cursor next) {
  public RoundPlan {
    steps = List.copyOf(steps);
  }

  /**
   * The same round where some workers came to nothing: their images are dealt again, to all workers
   * of the rounds that follow.
   *
   * @param missing numbers of workers, not of all; their steps are within one epoch
   */
  public RoundPlan without(Set<Integer> missing) {
    if (missing.isEmpty()) {
      return this;
    }
    Check.invariant(missing.size() < steps.size(), "a round without any of its workers");
    int epoch = steps.get(0).get(0).epoch();
    List<Range> left = new ArrayList<>();
    if (next.epoch() == epoch) {
      next.lanes().forEach(left::addAll);
    }
    for (int worker : missing) {
      for (StepPlan step : steps.get(worker)) {
        Check.invariant(step.epoch() == epoch, "a step of epoch %d in %d", step.epoch(), epoch);
        left.addAll(step.places());
      }
    }
    Cursor later = new Cursor(epoch, next.updates(), 0, 0, List.of(Range.merged(left)));
    return new RoundPlan(steps, later);
  }

  /** The same round with a further factor on all its learning rates. */
  public RoundPlan atRate(double factor) {
    return new RoundPlan(
        steps.stream()
            .map(worker -> worker.stream().map(step -> step.atRate(factor)).toList())
            .toList(),
        next);
  }
}
