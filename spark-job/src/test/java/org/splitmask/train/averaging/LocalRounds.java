/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.state.StateSegment;

/** The workers of a round in this process, one after the other, without Spark: slow and obvious. */
record LocalRounds(LocalTrainer<? extends MiniBatch> trainer, TableRows rows)
    implements RoundRunner {
  @Override
  public boolean canGoOn() {
    return true;
  }

  @Override
  public FinishedRound run(ModelState start, RoundPlan plan, String what) {
    List<WorkerReport> reports = new ArrayList<>();
    List<OptimizerState> states = new ArrayList<>();
    for (int worker = 0; worker < plan.steps().size(); worker++) {
      reports.add(trainer.train(worker, start, plan.steps().get(worker), rows));
      states.add(OptimizerState.copyOf(trainer.state()));
    }
    return new Finished(reports, states);
  }

  @Override
  public void close() {
    trainer.close();
  }

  private record Finished(List<WorkerReport> reports, List<OptimizerState> states)
      implements FinishedRound {
    @Override
    public StateSegment mean(int segment) {
      long[] images = reports.stream().mapToLong(WorkerReport::images).toArray();
      int length = states.get(0).segments().length(segment);
      SegmentAverager averager = new SegmentAverager(length, true, images);
      for (int worker = 0; worker < states.size(); worker++) {
        averager.add(worker, states.get(worker).segment(segment));
      }
      return averager.mean();
    }

    @Override
    public void close() {}
  }
}
