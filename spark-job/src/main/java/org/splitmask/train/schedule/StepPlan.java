/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.io.Serializable;
import java.util.List;

/**
 * One local step of one worker.
 *
 * @param epoch from 0
 * @param places which images of the epoch's order are its mini-batches
 * @param progress the share of the run that is done once all workers have taken this step, (0, 1]
 * @param rateFactor on the learning rate that the progress gives
 */
public record StepPlan(int epoch, List<Range> places, double progress, double rateFactor)
    implements Serializable {
  public StepPlan {
    places = List.copyOf(places);
  }

  /** A step at the rate that its progress gives. */
  public StepPlan(int epoch, List<Range> places, double progress) {
    this(epoch, places, progress, 1);
  }

  /** The same step with a further factor on its rate. */
  StepPlan atRate(double factor) {
    return new StepPlan(epoch, places, progress, rateFactor * factor);
  }

  /** The images of the step. */
  public int images() {
    return Range.length(places);
  }
}
