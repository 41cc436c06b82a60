/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.LongSupplier;
import org.splitmask.train.schedule.RoundPlanner;

/** Loops whose every round has the workers of its plan. */
public final class Loops {
  private Loops() {}

  /** A loop of so many possible halvings of the rate. */
  public static AveragingLoop of(
      RoundPlanner planner,
      RoundRunner runner,
      OuterStep outer,
      int rateHalvings,
      RoundListener listener,
      LongSupplier nanoTime) {
    return new AveragingLoop(
        planner,
        Workforce.of(planner.workers()),
        new RoundTries(runner, outer, rateHalvings, nanoTime),
        listener,
        nanoTime);
  }
}
