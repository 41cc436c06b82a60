/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.List;
import org.splitmask.train.schedule.StepPlan;

/** One worker's steps of one round, as they travel to an executor. */
record RoundTask(int worker, List<StepPlan> steps) implements Serializable {
  RoundTask {
    steps = List.copyOf(steps);
  }
}
