/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.task.StepFigures;

/** Rounds whose workers compute nothing: every mean is a segment of ones. */
public final class StillRounds implements RoundRunner {
  @Override
  public boolean canGoOn() {
    return true;
  }

  @Override
  public FinishedRound run(ModelState start, RoundPlan plan, String what) {
    List<WorkerReport> reports = new ArrayList<>();
    for (List<StepPlan> steps : plan.steps()) {
      List<StepMetrics> metrics =
          steps.stream()
              .map(step -> new StepMetrics(step.images(), new StepFigures(1, Map.of()), 0.1, 1))
              .toList();
      long images = steps.stream().mapToLong(StepPlan::images).sum();
      reports.add(new WorkerReport(reports.size(), images, metrics, 1, new Pace(1, 0, 0), 0));
    }
    return new Finished(start.segments(), reports);
  }

  @Override
  public void close() {}

  record Finished(Segments segments, List<WorkerReport> reports) implements FinishedRound {
    @Override
    public StateSegment mean(int segment) {
      float[] ones = new float[segments.length(segment)];
      Arrays.fill(ones, 1);
      return new StateSegment(ones, ones, ones);
    }

    @Override
    public void close() {}
  }
}
