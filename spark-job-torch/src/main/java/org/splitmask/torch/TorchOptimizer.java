/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.LayerRates;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.parameter.ParameterSpec.Decay;

/**
 * {@link AdamW} over flat vectors, in a handful of operations on the device. A step whose loss or
 * gradient is not finite changes nothing, and nothing is read back to find that out: the factors of
 * the update are then 0 and 1.
 */
final class TorchOptimizer implements AutoCloseable {
  private final Optimisation optimisation;

  /** The factor on the rate of each element, [P]; none where it is 1 everywhere. */
  private final @Nullable Tensor rates;

  /** The rate's factor where weights decay, else 0, [P]. */
  private final Tensor decays;

  TorchOptimizer(Optimisation optimisation, ParameterManifest layout, ComputeDevice device) {
    this.optimisation = optimisation;
    double[] factors = LayerRates.of(layout, optimisation.layerDecay());
    float[] rateOf = new float[layout.length()];
    float[] decayOf = new float[layout.length()];
    List<ParameterManifest.Entry> entries = layout.entries();
    for (int i = 0; i < entries.size(); i++) {
      ParameterManifest.Entry entry = entries.get(i);
      boolean decayed = entry.spec().decay() == Decay.DECAYED;
      for (int j = entry.offset(); j < entry.offset() + entry.length(); j++) {
        rateOf[j] = (float) factors[i];
        decayOf[j] = decayed ? (float) factors[i] : 0;
      }
    }
    try (PointerScope scope = new PointerScope()) {
      this.decays = device.from(decayOf, decayOf.length).retainReference();
      this.rates =
          optimisation.layerDecay() == 1
              ? null
              : device.from(rateOf, rateOf.length).retainReference();
    }
  }

  /** The gradient's Euclidean norm before clipping, float32 []. */
  static Tensor norm(FlatState state) {
    return state.gradient().norm();
  }

  /**
   * One update of θ and the moments; the gradient is scaled in place.
   *
   * @param norm of the gradient
   * @param usable bool []: whether to update at all
   * @param update its number, from 1
   */
  void update(FlatState state, Tensor norm, Tensor usable, double rate, long update) {
    AdamW adamW = optimisation.adamW();
    Tensor clip = norm.add(new Scalar(1e-6)).reciprocal().mul(new Scalar(optimisation.clipNorm()));
    Tensor gradient = state.gradient();
    // What is not finite is taken away first: 0 · NaN is NaN.
    gradient.masked_fill_(usable.logical_not(), new Scalar(0));
    gradient.mul_(torch.where(usable, clip.clamp_max(new Scalar(1)), torch.zeros_like(clip)));
    moment(state.firstMoment(), gradient, adamW.beta1(), usable);
    moment(state.secondMoment(), gradient.square(), adamW.beta2(), usable);

    double correction = 1 / Math.sqrt(1 - Math.pow(adamW.beta2(), update));
    double stepSize = rate / (1 - Math.pow(adamW.beta1(), update));
    Tensor direction =
        state
            .firstMoment()
            .div(
                state
                    .secondMoment()
                    .sqrt()
                    .mul_(new Scalar(correction))
                    .add_(new Scalar(adamW.epsilon())));
    if (rates != null) {
      direction.mul_(rates);
    }
    direction.mul_(new Scalar(stepSize));
    if (adamW.weightDecay() > 0) {
      direction.addcmul_(state.parameters(), decays, new Scalar(rate * adamW.weightDecay()));
    }
    direction.masked_fill_(usable.logical_not(), new Scalar(0));
    state.parameters().sub_(direction);
  }

  /** moment = β·moment + (1 − β)·value, or nothing. */
  private static void moment(Tensor moment, Tensor value, double beta, Tensor usable) {
    // By float32's 1 − β, as AdamW in Java; a where on scalars costs nothing.
    Tensor one = torch.ones_like(usable).to(ScalarType.Float);
    Tensor keep = torch.where(usable, one.mul(new Scalar(beta)), one);
    Tensor take = torch.where(usable, one.mul(new Scalar(1 - beta)), torch.zeros_like(one));
    moment.mul_(keep).add_(value.mul(take));
  }

  @Override
  public void close() {
    decays.close();
    if (rates != null) {
      rates.close();
    }
  }
}
