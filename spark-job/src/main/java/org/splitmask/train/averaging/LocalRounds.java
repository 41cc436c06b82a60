/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.Consumer;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.WorkerResult;
import org.splitmask.train.schedule.RoundPlan;

/** The workers of a round in this process, one after the other, without Spark. */
public final class LocalRounds implements RoundRunner {
  private final LocalTrainer trainer;
  private final TableRows rows;

  public LocalRounds(LocalTrainer trainer, TableRows rows) {
    this.trainer = trainer;
    this.rows = rows;
  }

  @Override
  public void run(OptimizerState start, RoundPlan plan, Consumer<WorkerResult> results) {
    for (int worker = 0; worker < plan.steps().size(); worker++) {
      results.accept(trainer.train(worker, start, plan.steps().get(worker), rows));
    }
  }
}
