/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.train.ReferenceCase;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskInput;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.target.Tokenizer;

/** Training from the reference's start, on its mini-batches. */
public final class ReferenceCurve {
  private ReferenceCurve() {}

  /** Every loss of a hundred steps within 1 % of the reference's. */
  public static void assertFollowed(ReferenceCase reference) {
    assertFollowed(reference, new HostEngines(), 100, 0.01);
  }

  /**
   * The losses of the first steps near the reference's.
   *
   * @param count of these steps, up to a hundred
   * @param share how far a loss may be off
   */
  public static void assertFollowed(
      ReferenceCase reference, EngineFactory engines, int count, double share) {
    assertThat(distances(reference, engines).limit(count).max().orElseThrow())
        .as("largest relative distance from the curve")
        .isLessThan(share);
  }

  /** By step, how far a loss is off, as a share of the reference's. */
  private static DoubleStream distances(ReferenceCase reference, EngineFactory engines) {
    TrainerSettings<SplitMaskBatch> settings = settings(reference, engines);
    OptimizerState start = OptimizerState.start(reference.parameters(settings.task().layout()));
    float[] curve = reference.floats("loss.curve");
    assertThat(curve).hasSize(100);
    List<SplitMaskBatch> batches =
        IntStream.range(0, reference.batches()).mapToObj(reference::batch).toList();
    double[] distances = new double[curve.length];
    try (EngineSteps steps = new EngineSteps(settings, start)) {
      for (int step = 0; step < curve.length; step++) {
        SplitMaskBatch batch = batches.get(step % batches.size());
        double loss = steps.step(batch, 0.5).figures().total();
        distances[step] = Math.abs(loss - curve[step]) / curve[step];
      }
    }
    assertThat(curve[curve.length - 1]).as("a curve that falls").isLessThan(0.9f * curve[0]);
    return DoubleStream.of(distances);
  }

  /** The reference's run. */
  public static TrainerSettings<SplitMaskBatch> settings(
      ReferenceCase reference, EngineFactory engines) {
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
    return new TrainerSettings<>(
        new SplitMaskTask(
            reference.shape(),
            reference.objective(),
            new SplitMaskInput(
                new AugmentedCrops(input, Augmentation.STANDARD, 1),
                new UniformSplitter(reference.number("patches"), 0.5),
                Codebook.randomProjection(reference.number("vocabulary"), tokens.dimensions(), 1),
                tokens),
            Tokenizer.RANDOM_PROJECTION),
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
        engines,
        1,
        1);
  }
}
