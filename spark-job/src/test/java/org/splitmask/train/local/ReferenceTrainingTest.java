/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.Fixture;
import org.splitmask.train.ReferenceCase;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.OptimizerState;

/** Ten steps of the trainer against ten of the PyTorch reference: gradients, clipping, AdamW. */
class ReferenceTrainingTest {
  @ParameterizedTest
  @ValueSource(strings = {"learned-opposite", "sincos-both"})
  void tenStepsEndWhereTheReferenceEnds(String name) {
    ReferenceCase reference = ReferenceCase.read(name);
    TrainerSettings<SplitMaskBatch> settings =
        ReferenceCurve.settings(reference, new HostEngines());
    ParameterManifest layout = settings.task().layout();
    EngineSteps steps =
        new EngineSteps(settings, OptimizerState.start(reference.parameters(layout)));
    SplitMaskBatch batch = reference.batch(0);

    float[] losses = reference.floats("loss.curve");
    String[] norms = reference.text("gradient-norms").split(" ");
    for (int step = 1; step <= losses.length; step++) {
      StepMetrics metrics = steps.step(batch, 0.5);
      assertThat(metrics.figures().total())
          .as("loss %d", step)
          .isCloseTo(losses[step - 1], within(1e-4));
      double norm = Double.parseDouble(norms[step - 1]);
      assertThat(metrics.gradientNorm()).as("norm %d", step).isCloseTo(norm, within(1e-3 * norm));
    }

    OptimizerState state = steps.state();
    steps.close();
    int width = reference.number("width");
    for (ParameterManifest.Entry entry : layout.entries()) {
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

  @ParameterizedTest
  @ValueSource(strings = {"splitmask-learned-p8-opposite", "beit-sincos-p8-opposite"})
  void aHundredStepsFollowTheReferencesCurve(String name) {
    ReferenceCurve.assertFollowed(ReferenceCase.read("matrix/" + name));
  }
}
