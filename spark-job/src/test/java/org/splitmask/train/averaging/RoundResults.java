/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.Map;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.task.StepFigures;

/** What listeners are told, for tests of listeners. */
public final class RoundResults {
  private RoundResults() {}

  /** A round of one worker that came to a state. */
  public static RoundResult of(TrainingState state) {
    StepMetrics step = new StepMetrics(8, new StepFigures(3.5, Map.of("inpaint", 2.0)), 0.1, 1);
    List<WorkerReport> reports =
        List.of(new WorkerReport(0, 8, List.of(step), 1, new Pace(0.5, 0.1, 0), 0));
    RoundTimes times = RoundTimes.of(1, 0, 0, 0, reports);
    return new RoundResult(
        state,
        RoundMetrics.of(
            new RoundTries.Averaged(state, reports, 0, RoundDeltas.of(reports, 1), 0, 0, 12, 12),
            times));
  }
}
