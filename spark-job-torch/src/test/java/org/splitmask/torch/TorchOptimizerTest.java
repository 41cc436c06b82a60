/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.train.Fixture;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.LayerRates;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.state.OptimizerState;

/** Updates on the device beside AdamW in Java. */
class TorchOptimizerTest {
  private static final ParameterManifest LAYOUT =
      SmallTraining.settings(Branches.TWO).task().layout();
  private static final double RATE = 0.01;

  @ParameterizedTest
  @CsvSource({"1, 1, 1000", "1000, 1, 0.5", "3, 0.75, 1000", "3, 0.75, 0.5"})
  void anUpdateIsAdamW(long update, double layerDecay, double clip) {
    AdamW adamW = new AdamW(0.9, 0.98, 1e-8, 0.3);
    OptimizerState before = state();
    float[] gradient = random(3, 1e-2);
    OptimizerState expected = inJava(adamW, before, gradient, update, layerDecay, clip);

    OptimizerState actual = onDevice(adamW, before, gradient, update, layerDecay, clip, true);
    assertClose(
        difference(actual.parameters(), before.parameters()),
        difference(expected.parameters(), before.parameters()));
    assertClose(actual.firstMoment(), expected.firstMoment());
    assertClose(actual.secondMoment(), expected.secondMoment());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void whatIsNotFiniteChangesNothing(float broken) {
    OptimizerState before = state();
    float[] gradient = random(3, 1e-2);
    gradient[17] = broken;
    OptimizerState actual =
        onDevice(new AdamW(0.9, 0.98, 1e-8, 0.3), before, gradient, 1, 0.75, 1, false);

    assertThat(actual.parameters()).isEqualTo(before.parameters());
    assertThat(actual.firstMoment()).isEqualTo(before.firstMoment());
    assertThat(actual.secondMoment()).isEqualTo(before.secondMoment());
  }

  /** In float32 a single sum stops growing at 2^24. */
  @ParameterizedTest
  @ValueSource(longs = {3, 1 << 14, (1 << 27) + 5})
  void theNormOfALongVectorIsExact(long length) {
    try (PointerScope scope = new PointerScope()) {
      Tensor norm = TorchOptimizer.norm(torch.torch_ones(new long[] {length}));
      assertThat(norm.item_double()).isCloseTo(Math.sqrt(length), within(1e-6 * length));
      assertThat(norm.item_double() / Math.sqrt(length)).isCloseTo(1, within(1e-6));
    }
  }

  private static OptimizerState inJava(
      AdamW adamW,
      OptimizerState before,
      float[] gradient,
      long update,
      double layerDecay,
      double clip) {
    OptimizerState after = OptimizerState.copyOf(before);
    double squares = 0;
    for (float value : gradient) {
      squares += (double) value * value;
    }
    float scale = (float) Math.min(1, clip / (Math.sqrt(squares) + 1e-6));
    double[] factors = LayerRates.of(LAYOUT, layerDecay);
    for (int i = 0; i < factors.length; i++) {
      ParameterManifest.Entry entry = LAYOUT.entries().get(i);
      int to = entry.offset() + entry.length();
      adamW.update(
          after,
          gradient,
          scale,
          entry.offset(),
          to,
          entry.spec().decay(),
          RATE * factors[i],
          update);
    }
    return after;
  }

  private static OptimizerState onDevice(
      AdamW adamW,
      OptimizerState before,
      float[] gradient,
      long update,
      double layerDecay,
      double clip,
      boolean usable) {
    Optimisation optimisation =
        new Optimisation(
            adamW, SmallTraining.settings(Branches.TWO).optimisation().rate(), layerDecay, clip, 1);
    try (PointerScope scope = new PointerScope();
        FlatState state = new FlatState(LAYOUT, ComputeDevice.CPU);
        TorchOptimizer optimizer = new TorchOptimizer(optimisation, LAYOUT, ComputeDevice.CPU);
        NoGradGuard guard = new NoGradGuard()) {
      state.write(before);
      state.gradient().copy_(Tensor.create(gradient, gradient.length));
      Tensor norm = TorchOptimizer.norm(state.gradient());
      optimizer.update(state, norm, Tensor.create(usable).reshape(), RATE, update);
      return OptimizerState.copyOf(state.read(0));
    }
  }

  private static OptimizerState state() {
    float[] second = random(2, 1e-2);
    for (int i = 0; i < second.length; i++) {
      second[i] *= second[i];
    }
    return new OptimizerState(random(0, 1), random(1, 1e-2), second, 0);
  }

  private static float[] random(long seed, double scale) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[LAYOUT.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  private static float[] difference(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  /** By tensor: decays and rates differ between them. */
  private static void assertClose(float[] actual, float[] expected) {
    for (ParameterManifest.Entry entry : LAYOUT.entries()) {
      int to = entry.offset() + entry.length();
      assertThat(
              Fixture.distance(
                  java.util.Arrays.copyOfRange(actual, entry.offset(), to),
                  java.util.Arrays.copyOfRange(expected, entry.offset(), to),
                  1e-12))
          .as("distance of %s", entry.name())
          .isLessThan(1e-4);
    }
  }
}
