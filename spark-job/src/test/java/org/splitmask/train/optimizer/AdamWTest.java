/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.splitmask.train.parameter.ParameterSpec.Decay;
import org.splitmask.train.state.OptimizerState;

class AdamWTest {
  /** The formulas of method.md, one element and one step at a time, in double. */
  @Test
  void tenStepsAreThoseOfTheFormulas() {
    AdamW adamW = new AdamW(0.9, 0.98, 1e-8, 0.05);
    Random random = new Random(1);
    OptimizerState state = OptimizerState.start(new float[] {0.5f, -1f, 2f, 0.25f});
    double[] theta = {0.5, -1, 2, 0.25};
    double[] m = new double[4];
    double[] v = new double[4];
    for (int step = 1; step <= 10; step++) {
      float[] gradient = {(float) random.nextGaussian(), 1e-5f, (float) random.nextGaussian(), 0f};
      double rate = 1e-3 * step;
      adamW.update(state, gradient, 0.5f, 0, 2, Decay.DECAYED, rate, step);
      adamW.update(state, gradient, 0.5f, 2, 4, Decay.EXEMPT, rate, step);
      for (int i = 0; i < 4; i++) {
        double g = 0.5 * gradient[i];
        theta[i] -= i < 2 ? rate * 0.05 * theta[i] : 0;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.98 * v[i] + 0.02 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, step));
        double vHat = v[i] / (1 - Math.pow(0.98, step));
        theta[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
      }
    }
    for (int i = 0; i < 4; i++) {
      assertThat((double) state.parameters()[i]).isCloseTo(theta[i], within(2e-6));
    }
  }
}
