/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import org.splitmask.train.model.StepLosses;

/**
 * What one local step reports.
 *
 * @param images of the step
 * @param rate the learning rate of the step
 * @param gradientNorm before clipping
 */
public record StepMetrics(int images, StepLosses losses, double rate, double gradientNorm)
    implements Serializable {
  /** Whether training can go on from here. */
  public boolean isFinite() {
    return Double.isFinite(losses.total()) && Double.isFinite(gradientNorm);
  }
}
