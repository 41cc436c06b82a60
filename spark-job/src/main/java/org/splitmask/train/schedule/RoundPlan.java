/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.util.List;

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

  /** The same round with a further factor on all its learning rates. */
  public RoundPlan atRate(double factor) {
    return new RoundPlan(
        steps.stream()
            .map(worker -> worker.stream().map(step -> step.atRate(factor)).toList())
            .toList(),
        next);
  }
}
