/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import java.util.List;
import org.splitmask.train.engine.StepMetrics;

/**
 * What a worker tells of its part of a round, beside the state that it came to. A loss that is not
 * finite ends its part early; the last of the steps then shows it.
 *
 * @param worker its number, which fixes its place in the sum
 * @param images how many it trained on, its weight in the average
 * @param steps in order
 * @param deltaNorm ‖θ_w − θ_r‖, how far the steps went
 * @param pace differs from run to run
 * @param processBytes resident memory of the worker's process after its last step, heap and all;
 *     differs from run to run
 */
public record WorkerReport(
    int worker,
    long images,
    List<StepMetrics> steps,
    double deltaNorm,
    Pace pace,
    long processBytes)
    implements Serializable {
  public WorkerReport {
    steps = List.copyOf(steps);
  }

  /** Whether every loss was finite, and the parameters are. */
  public boolean isFinite() {
    return Double.isFinite(deltaNorm) && steps.stream().allMatch(StepMetrics::isFinite);
  }
}
