/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.optimizer;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.ParameterSpec.Decay;
import org.splitmask.train.state.OptimizerState;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter, 1711.05101), in PyTorch's order: θ −=
 * lr·wd·θ; then θ −= lr·m̂/(√v̂ + ε). DL4J's Adam has ε elsewhere and decays by its own rules.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon ε
 * @param weightDecay wd, on the decayed segments only
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
    implements Serializable {
  public AdamW {
    Check.that(beta1 >= 0 && beta1 < 1, "adam-beta1 must be in [0, 1), was %s", beta1);
    Check.that(beta2 >= 0 && beta2 < 1, "adam-beta2 must be in [0, 1), was %s", beta2);
    Check.that(epsilon > 0, "adam-epsilon must be positive, was %s", epsilon);
    Check.that(weightDecay >= 0, "weight-decay must not be negative, was %s", weightDecay);
  }

  /**
   * One update of the elements [from, to), in place.
   *
   * @param scale the factor on the gradient (clipping)
   * @param step the number of this update, from 1
   */
  public void update(
      OptimizerState state,
      float[] gradient,
      float scale,
      int from,
      int to,
      Decay decay,
      double rate,
      long step) {
    float[] theta = state.parameters();
    float[] m = state.firstMoment();
    float[] v = state.secondMoment();
    float keep = decay == Decay.DECAYED ? (float) (1 - rate * weightDecay) : 1f;
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float c1 = (float) (1 - beta1);
    float c2 = (float) (1 - beta2);
    float stepSize = (float) (rate / (1 - Math.pow(beta1, step)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, step)));
    float eps = (float) epsilon;
    for (int i = from; i < to; i++) {
      float g = gradient[i] * scale;
      m[i] = b1 * m[i] + c1 * g;
      v[i] = b2 * v[i] + c2 * g * g;
      float root = (float) Math.sqrt(v[i]);
      theta[i] = keep * theta[i] - stepSize * m[i] / (root * correction + eps);
    }
  }
}
