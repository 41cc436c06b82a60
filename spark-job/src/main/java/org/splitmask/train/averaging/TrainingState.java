/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.schedule.Cursor;

/**
 * All that a run is between two rounds; what a checkpoint holds.
 *
 * @param round how many rounds are done
 * @param optimizer θ_r and the averaged Adam moments
 * @param velocity v of the outer step, in the layout of θ
 * @param cursor where the run stands in its images
 */
public record TrainingState(int round, OptimizerState optimizer, float[] velocity, Cursor cursor) {
  /** The state of a new run. */
  public static TrainingState start(OptimizerState optimizer) {
    return new TrainingState(
        0, optimizer, new float[optimizer.parameters().length], Cursor.start());
  }
}
