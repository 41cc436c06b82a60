/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.train.Fixture;
import org.splitmask.train.ReferenceCase;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchSettings;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;

/** Ten steps of the trainer against ten of the PyTorch reference: gradients, clipping, AdamW. */
class ReferenceTrainingTest {
  @ParameterizedTest
  @ValueSource(strings = {"learned-opposite", "sincos-both"})
  void tenStepsEndWhereTheReferenceEnds(String name) {
    ReferenceCase reference = ReferenceCase.read(name);
    LocalTrainer trainer = new LocalTrainer(settings(reference), InstantSource.system());
    OptimizerState state = OptimizerState.start(reference.parameters(trainer.manifest()));
    MiniBatch batch =
        new MiniBatch(
            reference.number("images"),
            reference.floats("input.patches"),
            reference.visible(),
            reference.labels(),
            new long[reference.visible().length]);

    float[] losses = reference.floats("loss.curve");
    String[] norms = reference.text("gradient-norms").split(" ");
    for (int step = 1; step <= losses.length; step++) {
      StepMetrics metrics = trainer.step(state, batch, 0.5, step);
      assertThat(metrics.losses().total())
          .as("loss %d", step)
          .isCloseTo(losses[step - 1], within(1e-4));
      double norm = Double.parseDouble(norms[step - 1]);
      assertThat(metrics.gradientNorm()).as("norm %d", step).isCloseTo(norm, within(1e-3 * norm));
    }

    int width = reference.number("width");
    for (ParameterManifest.Entry entry : trainer.manifest().entries()) {
      float[] actual =
          Arrays.copyOfRange(state.parameters(), entry.offset(), entry.offset() + entry.length());
      float[] expected = reference.floats("trained." + entry.name());
      if (entry.name().endsWith("qkv.bias")) {
        // A bias on the keys shifts each row of attention scores as a whole: its gradient is
        // rounding alone, which Adam scales up to full steps.
        Arrays.fill(actual, width, 2 * width, 0);
        Arrays.fill(expected, width, 2 * width, 0);
      }
      assertThat(Fixture.distance(actual, expected, 1e-6))
          .as("distance of %s after the last step", entry.name())
          .isLessThan(1e-3);
    }
  }

  private static TrainerSettings settings(ReferenceCase reference) {
    int side = reference.number("image-side");
    int patchSide = reference.number("patch-side");
    int channels = reference.number("channels");
    TokenSpace tokens = new TokenSpace(patchSide, channels, TokenCentering.GLOBAL);
    ModelInput input =
        new ModelInput(
            new PatchShape(side, patchSide, channels),
            side,
            patchSide,
            PixelNormalisation.IMAGENET);
    return new TrainerSettings(
        reference.shape(),
        reference.objective(),
        new MiniBatchSettings(
            new AugmentedCrops(input, Augmentation.STANDARD, 1),
            new UniformSplitter(reference.number("patches"), reference.real("ratio")),
            Codebook.randomProjection(reference.number("vocabulary"), tokens.dimensions(), 1),
            tokens),
        new Optimisation(
            new AdamW(
                reference.real("beta1"),
                reference.real("beta2"),
                reference.real("adam-epsilon"),
                reference.real("weight-decay")),
            new WarmupCosine(reference.real("learning-rate"), 0, 1),
            1,
            reference.real("clip"),
            1),
        new Loading(1, 1 << 20, 1),
        1,
        1);
  }
}
