/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.StepMetrics;

/**
 * What a round came to.
 *
 * @param state from which the next round starts
 * @param images that its workers trained on
 * @param steps by worker, then in order
 * @param paces by worker
 */
public record RoundResult(
    TrainingState state, long images, List<List<StepMetrics>> steps, List<Pace> paces) {
  public RoundResult {
    steps = List.copyOf(steps);
    paces = List.copyOf(paces);
  }
}
