/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.tensor.FlatState;
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
  private static final long PART = 1 << 14;

  private final Optimisation optimisation;

  /** The factor on the rate of each element, [P]; none where it is 1 everywhere. */
  private final @Nullable Tensor rates;

  /** The rate's factor where weights decay, else 0, [P]. */
  private final Tensor decays;

  TorchOptimizer(Optimisation optimisation, ParameterManifest layout, ComputeDevice device) {
    this.optimisation = optimisation;
    double[] factors = LayerRates.of(layout, optimisation.layerDecay());
    List<ParameterManifest.Entry> entries = layout.entries();
    try (PointerScope scope = new PointerScope()) {
      this.decays = zeros(layout, device);
      this.rates = optimisation.layerDecay() == 1 ? null : zeros(layout, device);
      for (int i = 0; i < entries.size(); i++) {
        ParameterManifest.Entry entry = entries.get(i);
        if (entry.spec().decay() == Decay.DECAYED) {
          fill(decays, entry, factors[i]);
        }
        if (rates != null) {
          fill(rates, entry, factors[i]);
        }
      }
    }
  }

  private static Tensor zeros(ParameterManifest layout, ComputeDevice device) {
    long[] length = {layout.length()};
    return torch.torch_zeros(length, device.options(ScalarType.Float)).retainReference();
  }

  private static void fill(Tensor vector, ParameterManifest.Entry entry, double value) {
    vector.narrow(0, entry.offset(), entry.length()).fill_(new Scalar(value));
  }

  /**
   * The Euclidean norm of a vector [P], float64 []. By parts: on processors libtorch adds all of a
   * vector's squares up in float32, and of a hundred million of them loses some per cent.
   */
  static Tensor norm(Tensor vector) {
    long parts = vector.numel() / PART;
    Tensor whole = vector.narrow(0, 0, parts * PART).view(parts, PART);
    Tensor rest = vector.narrow(0, parts * PART, vector.numel() - parts * PART).view(1, -1);
    return squares(whole).add(squares(rest)).sqrt();
  }

  private static Tensor squares(Tensor rows) {
    return rows.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, false)
        .to(ScalarType.Double)
        .square()
        .sum();
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
    Tensor scale = clip.clamp_max(new Scalar(1)).to(ScalarType.Float);
    Tensor broken = usable.logical_not();
    Tensor gradient = state.gradient();
    // What is not finite is taken away first: 0 · NaN is NaN.
    gradient.masked_fill_(broken, new Scalar(0));
    gradient.mul_(scale.masked_fill(broken, new Scalar(0)));
    add(state.firstMoment(), gradient, adamW.beta1(), broken);
    gradient.square_(); // it is used up
    add(state.secondMoment(), gradient, adamW.beta2(), broken);

    double correction = 1 / Math.sqrt(1 - Math.pow(adamW.beta2(), update));
    double stepSize = rate / (1 - Math.pow(adamW.beta1(), update));
    Tensor direction = state.secondMoment().sqrt();
    direction.mul_(new Scalar(correction)).add_(new Scalar(adamW.epsilon())).reciprocal_();
    direction.mul_(state.firstMoment());
    if (rates != null) {
      direction.mul_(rates);
    }
    direction.mul_(new Scalar(stepSize));
    if (adamW.weightDecay() > 0) {
      direction.addcmul_(state.parameters(), decays, new Scalar(rate * adamW.weightDecay()));
    }
    direction.masked_fill_(broken, new Scalar(0));
    state.parameters().sub_(direction);
  }

  /** moment = β·moment + (1 − β)·value, or nothing; a choice of scalars costs nothing. */
  private static void add(Tensor moment, Tensor value, double beta, Tensor broken) {
    Tensor one = torch.ones_like(broken).to(ScalarType.Float);
    Tensor keep = one.mul(new Scalar(beta)).masked_fill(broken, new Scalar(1));
    Tensor take = one.mul(new Scalar(1 - beta)).masked_fill(broken, new Scalar(0));
    moment.mul_(keep).addcmul_(value, take);
  }

  @Override
  public void close() {
    decays.close();
    if (rates != null) {
      rates.close();
    }
  }
}
