/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.Fixture;
import org.splitmask.train.batch.MiniBatchLoader;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.OptimizerState;

class LocalTrainerTest {
  private static final List<StepPlan> STEPS =
      List.of(step(0, 8), step(8, 16), step(16, 25), step(25, 32));

  @Test
  void loaderThreadsDoNotChangeABit() {
    Trained one = train(SmallTraining.settings(Branches.TWO, 1, 1, 0.3), STEPS);
    Trained three = train(SmallTraining.settings(Branches.TWO, 1, 3, 0.3), STEPS);
    assertThat(three.state().parameters()).isEqualTo(one.state().parameters());
    assertThat(three.report().steps()).isEqualTo(one.report().steps());
    assertThat(one.report().images()).isEqualTo(32);
    assertThat(one.report().pace().seconds()).isGreaterThan(one.report().pace().waiting());
    assertThat(one.report().pace().waiting()).isPositive();
  }

  @Test
  void dropPathIsDrawnAndChangesWhatIsLearned() {
    Trained with = train(SmallTraining.settings(Branches.TWO, 1, 1, 0.3), STEPS);
    Trained without = train(SmallTraining.settings(Branches.TWO), STEPS);
    assertThat(with.state().parameters()).isNotEqualTo(without.state().parameters());
  }

  /** Without a match loss no image knows of another, so that a batch may be cut at will. */
  @Test
  void severalMiniBatchesMakeTheUpdateOfTheirUnion() {
    Trained whole = train(SmallTraining.settings(Branches.ONE), STEPS);
    Trained parts = train(SmallTraining.settings(Branches.ONE, 4, 2, 0), STEPS);
    assertThat(parts.state().updates()).isEqualTo(4);
    assertThat(parts.report().images()).isEqualTo(32);
    float[] start = SmallTraining.start(SmallTraining.settings(Branches.ONE)).parameters();
    float[] moved = difference(whole.state().parameters(), start);
    float[] movedInParts = difference(parts.state().parameters(), start);
    assertThat(Fixture.distance(movedInParts, moved, 1e-9)).isLessThan(2e-3);
    for (int i = 0; i < STEPS.size(); i++) {
      assertThat(parts.report().steps().get(i).figures().get("inpaint"))
          .isCloseTo(whole.report().steps().get(i).figures().get("inpaint"), within(1e-4));
    }
  }

  @Test
  void theSameMiniBatchTwiceIsTheMiniBatch() {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO);
    TrainerSettings<SplitMaskBatch> halves = SmallTraining.settings(Branches.TWO, 2, 1, 0);
    SplitMaskBatch batch = SmallTraining.batch(settings, 8);
    OptimizerState start = SmallTraining.start(settings);
    try (EngineSteps once = new EngineSteps(settings, start);
        EngineSteps twice = new EngineSteps(halves, start)) {
      StepMetrics one = once.step(batch, 0.1);
      StepMetrics two = twice.step(16, () -> batch, 0.1);
      assertThat(twice.state().parameters()).isEqualTo(once.state().parameters());
      assertThat(two.figures()).isEqualTo(one.figures());
    }
  }

  /** Adam's first step moves every parameter by the rate, whatever its gradient. */
  @Test
  void layerDecayShortensTheStepsOfTheFirstBlocks() {
    TrainerSettings<SplitMaskBatch> full = SmallTraining.withLayerDecay(1);
    TrainerSettings<SplitMaskBatch> decayed = SmallTraining.withLayerDecay(0.5);
    SplitMaskBatch batch = SmallTraining.batch(full, 8);
    float[] start = SmallTraining.start(full).parameters();
    OptimizerState far = afterAStep(full, batch);
    OptimizerState near = afterAStep(decayed, batch);

    for (ParameterManifest.Entry entry : full.task().layout().entries()) {
      double factor =
          switch (entry.name()) {
            case "embedding.weight" -> 0.125;
            case "encoder.0.mlp.hidden.weight" -> 0.25;
            case "encoder.1.mlp.hidden.weight" -> 0.5;
            default -> entry.name().startsWith("decoder.0.mlp") ? 1 : -1;
          };
      if (factor > 0) {
        int at = entry.offset();
        double ratio = (near.parameters()[at] - start[at]) / (far.parameters()[at] - start[at]);
        assertThat(ratio).as(entry.name()).isCloseTo(factor, within(0.01));
      }
    }
  }

  @Test
  void whatWasNotTakenIsGivenUpAndTheLoaderGoesOn() {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO, 1, 3, 0);
    MiniBatchLoader<SplitMaskBatch> loader = new MiniBatchLoader<>(settings.task()::assembler, 3);
    List<MiniBatchLoader.Request> requests =
        STEPS.stream().map(s -> new MiniBatchLoader.Request(s.epoch(), s.places())).toList();
    TableRows rows = SmallTraining.rows(32);
    SplitMaskBatch first;
    try (MiniBatchLoader<SplitMaskBatch>.Batches batches = loader.load(requests, rows)) {
      first = batches.next();
    }
    try (MiniBatchLoader<SplitMaskBatch>.Batches batches = loader.load(requests, rows)) {
      assertThat(batches.next().patches()).isEqualTo(first.patches());
      assertThat(batches.next().images()).isEqualTo(8);
      assertThat(batches.next().images()).isEqualTo(9);
      assertThat(batches.next().images()).isEqualTo(7);
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void whatFailsWhileAMiniBatchIsMadeFailsTheStep() {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO);
    RowGroup group = new RowGroup("gone.parquet", 0, 32, 1);
    TableRows rows =
        new TableRows(
            List.of(group),
            1,
            SmallTraining.SEED,
            missing -> {
              throw new SplitMaskException(Blame.DATA, "no " + missing.file());
            });
    assertThatThrownBy(() -> trainer(settings).train(0, SmallTraining.start(settings), STEPS, rows))
        .isInstanceOf(SplitMaskException.class)
        .hasMessage("no gone.parquet");
  }

  private record Trained(WorkerReport report, OptimizerState state) {}

  private static Trained train(TrainerSettings<SplitMaskBatch> settings, List<StepPlan> steps) {
    try (LocalTrainer<SplitMaskBatch> trainer = trainer(settings)) {
      WorkerReport report =
          trainer.train(0, SmallTraining.start(settings), steps, SmallTraining.rows(32));
      return new Trained(report, OptimizerState.copyOf(trainer.state()));
    }
  }

  private static OptimizerState afterAStep(
      TrainerSettings<SplitMaskBatch> settings, SplitMaskBatch batch) {
    try (EngineSteps steps = new EngineSteps(settings, SmallTraining.start(settings))) {
      steps.step(batch, 0.5);
      return steps.state();
    }
  }

  private static LocalTrainer<SplitMaskBatch> trainer(TrainerSettings<SplitMaskBatch> settings) {
    return new LocalTrainer<>(settings, InstantSource.system());
  }

  private static StepPlan step(int from, int to) {
    return new StepPlan(0, List.of(new Range(from, to)), to / 32.0);
  }

  private static float[] difference(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }
}
