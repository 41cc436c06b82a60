/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;

/**
 * Products in bfloat16 beside the same in float32, over steps that see other crops of other
 * pictures each time, as a training's do.
 */
class Bfloat16Test {
  private static final int STEPS = 100;
  private static final int IMAGES = 16;
  private static final int PICTURES = 320;
  private static final int SIDE = 16;
  private static final int CHANNELS = 3;

  @ParameterizedTest
  @EnumSource
  void lossesOfAHundredStepsAreWithinTwoPerCent(Branches branches) {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(branches);
    List<StepMetrics> float32 = trained(settings, Precision.FLOAT32);
    List<StepMetrics> bf16 = trained(settings, Precision.BF16);

    assertThat(bf16).hasSize(STEPS);
    assertThat(mean(float32.subList(90, STEPS)))
        .as("something is learnt")
        .isLessThan(0.9 * mean(float32.subList(0, 10)));
    for (int i = 0; i < STEPS; i++) {
      double expected = float32.get(i).figures().total();
      assertThat(bf16.get(i).figures().total())
          .as("loss of step %d", i)
          .isCloseTo(expected, within(0.02 * expected));
    }
    assertThat(bf16.get(0).gradientNorm())
        .as("it was another arithmetic")
        .isNotEqualTo(float32.get(0).gradientNorm());
  }

  private static List<StepMetrics> trained(
      TrainerSettings<SplitMaskBatch> settings, Precision precision) {
    List<PatchRow> pictures = ramps();
    try (MiniBatchAssembler<SplitMaskBatch> assembler = settings.task().assembler();
        TrainingEngine<SplitMaskBatch> engine =
            TorchEngineTest.engines(precision).open(settings.task(), settings.optimisation(), 1)) {
      engine.begin(SmallTraining.start(settings));
      for (int step = 0; step < STEPS; step++) {
        int from = step * IMAGES % PICTURES;
        int epoch = step * IMAGES / PICTURES;
        SplitMaskBatch batch = assembler.assemble(pictures.subList(from, from + IMAGES), epoch);
        engine.step(IMAGES, () -> batch, 1e-3);
      }
      return engine.metrics();
    }
  }

  /** Pictures that go from one colour to another, in one direction or another. */
  private static List<PatchRow> ramps() {
    List<PatchRow> pictures = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      Random random = new Random(i);
      byte[] bytes = new byte[SIDE * SIDE * CHANNELS];
      for (int channel = 0; channel < CHANNELS; channel++) {
        double base = 255 * random.nextDouble();
        double across = 8 * random.nextGaussian();
        for (int at = channel; at < bytes.length; at += CHANNELS) {
          double value = base + across * (at / CHANNELS % SIDE);
          bytes[at] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
      }
      pictures.add(new PatchRow("image " + i, "path " + i, null, bytes));
    }
    return pictures;
  }

  private static double mean(List<StepMetrics> steps) {
    return steps.stream().mapToDouble(step -> step.figures().total()).average().orElseThrow();
  }
}
