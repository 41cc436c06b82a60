/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import java.util.List;

/**
 * What a worker returns from a round. A loss that is not finite ends its round early; the last of
 * the steps then shows it.
 *
 * @param worker its number, which fixes its place in the sum
 * @param images how many it trained on, its weight in the average
 * @param steps in order
 * @param pace differs from run to run, unlike the others
 */
public record WorkerResult(
    int worker, OptimizerState state, long images, List<StepMetrics> steps, Pace pace)
    implements Serializable {
  public WorkerResult {
    steps = List.copyOf(steps);
  }

  /** Whether every loss was finite. */
  public boolean isFinite() {
    return steps.stream().allMatch(StepMetrics::isFinite);
  }
}
