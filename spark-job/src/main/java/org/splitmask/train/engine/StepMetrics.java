/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.io.Serializable;
import org.splitmask.train.task.StepFigures;

/**
 * What one local step reports.
 *
 * @param images of the step
 * @param figures the losses and what else the task tells
 * @param rate the learning rate of the step
 * @param gradientNorm before clipping
 */
public record StepMetrics(int images, StepFigures figures, double rate, double gradientNorm)
    implements Serializable {
  /** Whether training can go on from here. */
  public boolean isFinite() {
    return Double.isFinite(figures.total()) && Double.isFinite(gradientNorm);
  }
}
