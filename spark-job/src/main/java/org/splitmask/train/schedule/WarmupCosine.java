/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * A learning rate that rises linearly to its peak and falls along half a cosine. The argument is
 * the share of the run that is done once the step is, so that a change in the number of workers
 * leaves the curve in place.
 *
 * @param peak the absolute learning rate at the top
 * @param warmupShare the share of the run spent rising, in [0, 1)
 * @param finalShare the share of the peak that is left at the end, in [0, 1]
 */
public record WarmupCosine(double peak, double warmupShare, double finalShare)
    implements Serializable {
  public WarmupCosine {
    Check.that(peak > 0, "learning-rate must be positive, was %s", peak);
    Check.that(
        warmupShare >= 0 && warmupShare < 1, "warmup-share must be in [0, 1), was %s", warmupShare);
    Check.that(
        finalShare >= 0 && finalShare <= 1,
        "final-rate-share must be in [0, 1], was %s",
        finalShare);
  }

  /** The rate of the step that brings the run to {@code progress}, in (0, 1]. */
  public double at(double progress) {
    if (progress < warmupShare) {
      return peak * progress / warmupShare;
    }
    double falling = Math.min(1, (progress - warmupShare) / (1 - warmupShare));
    double cosine = 0.5 * (1 + Math.cos(Math.PI * falling));
    return peak * (finalShare + (1 - finalShare) * cosine);
  }
}
