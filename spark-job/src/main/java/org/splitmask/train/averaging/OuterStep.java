/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * What is done with the average: v ← μ·v + Δ; θ_{r+1} = θ_r + η·(Δ + μ·v), Δ = θ̄ − θ_r, Nesterov's
 * step (BMUF, Chen and Huo 2016; SlowMo, 1910.00643; DiLoCo, 2311.08105).
 *
 * @param rate η
 * @param momentum μ
 * @param moments what becomes of Adam's
 */
public record OuterStep(double rate, double momentum, Moments moments) implements Serializable {
  public OuterStep {
    Check.that(rate > 0, "outer-rate must be positive, was %s", rate);
    Check.that(momentum >= 0 && momentum < 1, "outer-momentum must be in [0, 1), was %s", momentum);
  }

  /** The step with Adam's moments averaged. */
  public OuterStep(double rate, double momentum) {
    this(rate, momentum, Moments.AVERAGE);
  }

  /** Whether it is plain averaging. */
  boolean isPlain() {
    return rate == 1 && momentum == 0;
  }

  /**
   * θ_{r+1}.
   *
   * @param velocity v, updated in place
   */
  float[] apply(float[] start, float[] mean, float[] velocity) {
    if (isPlain()) {
      return mean; // θ_r + Δ would round
    }
    float[] next = new float[start.length];
    for (int i = 0; i < start.length; i++) {
      double delta = (double) mean[i] - start[i];
      double v = momentum * velocity[i] + delta;
      velocity[i] = (float) v;
      next[i] = (float) (start[i] + rate * (delta + momentum * v));
    }
    return next;
  }
}
