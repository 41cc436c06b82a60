/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.Consumer;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.WorkerResult;
import org.splitmask.train.schedule.RoundPlan;

/** Where the workers of a round run: in this process one after the other, or on a cluster. */
public interface RoundRunner {
  /**
   * Runs a round from one state on all workers.
   *
   * @param results receives each worker's result, in the order of workers
   */
  void run(OptimizerState start, RoundPlan plan, Consumer<WorkerResult> results);
}
