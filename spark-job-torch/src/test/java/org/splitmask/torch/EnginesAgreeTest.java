/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.train.Fixture;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;

/**
 * The two engines against one another, with all that the PyTorch reference leaves out: drop path,
 * layer scale, rates by layer, weight decay, and several mini-batches to an update.
 */
class EnginesAgreeTest {
  private static final int IMAGES = 12;

  @ParameterizedTest
  @EnumSource
  void theFirstGradientOfEachTensorAgrees(Branches branches) {
    TrainerSettings<SplitMaskBatch> settings = settings(branches);
    ParameterManifest layout = settings.task().layout();
    // After one step, a tenth of the gradient is in the first moment.
    float[] host = trained(settings, new HostEngines(), 1).state().firstMoment();
    float[] torch = trained(settings, TorchEngineTest.ENGINES, 1).state().firstMoment();

    double whole = norm(host);
    for (ParameterManifest.Entry entry : layout.entries()) {
      int to = entry.offset() + entry.length();
      assertThat(
              Fixture.distance(
                  Arrays.copyOfRange(torch, entry.offset(), to),
                  Arrays.copyOfRange(host, entry.offset(), to),
                  1e-6 * whole))
          .as("distance of the gradient of %s", entry.name())
          .isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFiguresOfAHundredStepsAgree(Branches branches) {
    TrainerSettings<SplitMaskBatch> settings = settings(branches);
    List<StepMetrics> host = trained(settings, new HostEngines(), 100).metrics();
    List<StepMetrics> torch = trained(settings, TorchEngineTest.ENGINES, 100).metrics();

    assertThat(torch).hasSize(100);
    assertThat(torch.get(99).figures().total()).isLessThan(0.9 * torch.get(0).figures().total());
    for (int i = 0; i < 100; i++) {
      StepMetrics expected = host.get(i);
      StepMetrics actual = torch.get(i);
      double total = expected.figures().total();
      assertThat(actual.figures().total())
          .as("loss of step %d", i)
          .isCloseTo(total, within(0.01 * total));
    }
    for (String name : host.get(0).figures().named().keySet()) {
      double expected = host.get(0).figures().get(name);
      assertThat(torch.get(0).figures().get(name))
          .as("%s of the first step", name)
          .isCloseTo(expected, within(1e-3 * Math.abs(expected) + 1e-6));
    }
    assertThat(torch.get(0).gradientNorm())
        .isCloseTo(host.get(0).gradientNorm(), within(1e-3 * host.get(0).gradientNorm()));
  }

  private record Trained(List<StepMetrics> metrics, OptimizerState state) {}

  private static Trained trained(
      TrainerSettings<SplitMaskBatch> settings, EngineFactory engines, int steps) {
    OptimizerState start = OptimizerState.start(InitialParameters.all(settings.task().layout(), 7));
    List<SplitMaskBatch> batches = new ArrayList<>();
    for (int images : new int[] {5, IMAGES - 5}) {
      batches.add(SmallTraining.batch(settings, images));
    }
    try (TrainingEngine<SplitMaskBatch> engine =
        engines.open(settings.task(), settings.optimisation(), 1)) {
      engine.begin(start);
      for (int i = 0; i < steps; i++) {
        Iterator<SplitMaskBatch> parts = batches.iterator();
        engine.step(IMAGES, parts::next, 1e-3);
      }
      return new Trained(engine.metrics(), OptimizerState.copyOf(engine.state()));
    }
  }

  private static TrainerSettings<SplitMaskBatch> settings(Branches branches) {
    TrainerSettings<SplitMaskBatch> plain = SmallTraining.settings(branches, 2, 1, 0.3);
    SplitMaskTask task = (SplitMaskTask) plain.task();
    NetworkShape shape = task.shape();
    NetworkShape scaled =
        new NetworkShape(
            shape.gridSide(),
            shape.patchValues(),
            shape.width(),
            3,
            shape.heads(),
            shape.hidden(),
            shape.decoderDepth(),
            Positions.LEARNED,
            shape.positionGrid(),
            0.1,
            0.3);
    Objective plainly = task.objective();
    Objective objective =
        new Objective(
            branches,
            plainly.vocabulary(),
            0.7,
            plainly.matchWeight() / 2,
            plainly.matchTemperature(),
            Negatives.BOTH);
    return new TrainerSettings<>(
        new SplitMaskTask(scaled, objective, task.batches(), task.tokenizer()),
        new Optimisation(new AdamW(0.9, 0.98, 1e-8, 0.05), plain.optimisation().rate(), 0.8, 1, 2),
        plain.loading(),
        plain.engine(),
        1,
        plain.seed());
  }

  private static double norm(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
