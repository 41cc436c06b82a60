/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.splitmask.train.engine.host.HostEngine;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;

/** What every engine must do; a kind of engine extends it and says how it is opened. */
public abstract class TrainingEngineContract {
  private static final double RATE = 1e-3;
  private static final TrainerSettings<SplitMaskBatch> SETTINGS =
      SmallTraining.settings(Branches.TWO);

  /** The kind of engine. */
  protected abstract EngineFactory engines();

  /** How far its losses may be from the reference's, as a share; 0 where bits must be equal. */
  protected abstract double lossTolerance();

  @Test
  void beginsWithAStateAndGivesItBack() {
    OptimizerState start = someState(7);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
      engine.begin(start);
      assertSame(engine.state(), start);
      assertThat(engine.metrics()).isEmpty();
      assertThat(engine.state().updates()).isEqualTo(7);
    }
  }

  @Test
  void readsAStateOfManySegments() {
    OptimizerState start = someState(3);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
      engine.begin(new InSmallSegments(start));
      assertSame(engine.state(), start);
    }
  }

  @Test
  void aStepChangesTheStateAndLeavesTheStartAlone() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    OptimizerState before = OptimizerState.copyOf(start);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 8);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
      engine.begin(start);
      assertThat(engine.step(8, () -> batch, RATE)).isTrue();
      assertThat(engine.step(8, () -> batch, RATE)).isTrue();
      assertThat(engine.state().updates()).isEqualTo(2);
      assertThat(OptimizerState.copyOf(engine.state()).parameters())
          .isNotEqualTo(start.parameters());
      assertSame(start, before);

      List<StepMetrics> metrics = engine.metrics();
      assertThat(metrics).hasSize(2);
      assertThat(metrics.get(0).images()).isEqualTo(8);
      assertThat(metrics.get(0).rate()).isEqualTo(RATE);
      assertThat(metrics.get(0).gradientNorm()).isPositive();
      assertThat(metrics.get(1).figures().total()).isLessThan(metrics.get(0).figures().total());
      assertThat(metrics.get(0).figures().named().keySet())
          .containsAll(SETTINGS.task().losses())
          .containsAll(SETTINGS.task().lastFigures());
    }
  }

  @Test
  void beginningAgainForgetsAndRepeatsToTheBit() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 8);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS);
        TrainingEngine<SplitMaskBatch> other = open(SETTINGS)) {
      OptimizerState once = trained(engine, start, batch, 3);
      List<StepMetrics> metrics = engine.metrics();
      OptimizerState again = trained(engine, start, batch, 3);
      assertSame(again, once);
      assertThat(engine.metrics()).isEqualTo(metrics).hasSize(3);
      assertSame(trained(other, start, batch, 3), once);
    }
  }

  /** A round that goes on from a state is the round that was not interrupted. */
  @Test
  void goesOnFromAState() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 8);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
      OptimizerState four = trained(engine, start, batch, 4);
      OptimizerState two = trained(engine, start, batch, 2);
      assertSame(trained(engine, two, batch, 2), four);
    }
  }

  @Test
  void mayBeGivenMiniBatchesOfOtherSizes() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    SplitMaskBatch eight = SmallTraining.batch(SETTINGS, 8);
    SplitMaskBatch five = SmallTraining.batch(SETTINGS, 5);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS);
        TrainingEngine<SplitMaskBatch> fresh = open(SETTINGS)) {
      engine.begin(start);
      engine.step(8, () -> eight, RATE);
      OptimizerState between = OptimizerState.copyOf(engine.state());
      engine.step(5, () -> five, RATE);
      assertSame(trained(fresh, between, five, 1), OptimizerState.copyOf(engine.state()));
    }
  }

  @Test
  void severalMiniBatchesMakeOneUpdateOfTheirWeightedMean() {
    TrainerSettings<SplitMaskBatch> halves = SmallTraining.settings(Branches.TWO, 2, 1, 0);
    OptimizerState start = SmallTraining.start(halves);
    Iterator<SplitMaskBatch> batches =
        List.of(SmallTraining.batch(halves, 6), SmallTraining.batch(halves, 3)).iterator();
    try (TrainingEngine<SplitMaskBatch> engine = open(halves);
        TrainingEngine<SplitMaskBatch> parts = open(SETTINGS)) {
      engine.begin(start);
      engine.step(9, batches::next, RATE);
      assertThat(batches.hasNext()).isFalse();
      assertThat(engine.state().updates()).isEqualTo(1);
      double six = firstLoss(parts, start, SmallTraining.batch(SETTINGS, 6));
      double three = firstLoss(parts, start, SmallTraining.batch(SETTINGS, 3));
      assertThat(engine.metrics().get(0).figures().total())
          .isCloseTo((6 * six + 3 * three) / 9, within(1e-5));
    }
  }

  @Test
  void aLossThatIsNotFiniteChangesNothingAndEndsTheSteps() {
    OptimizerState broken = SmallTraining.start(SETTINGS);
    Arrays.fill(broken.parameters(), Float.NaN);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 8);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
      engine.begin(broken);
      for (int i = 0; i < 3; i++) {
        engine.step(8, () -> batch, RATE);
      }
      assertThat(engine.metrics()).hasSize(1);
      assertThat(engine.metrics().get(0).isFinite()).isFalse();
      assertThat(OptimizerState.copyOf(engine.state()).firstMoment())
          .isEqualTo(broken.firstMoment());
      assertThat(engine.step(8, () -> batch, RATE)).isFalse();

      engine.begin(SmallTraining.start(SETTINGS));
      assertThat(engine.step(8, () -> batch, RATE)).isTrue();
    }
  }

  /** Against DL4J's graph and AdamW in Java, which PyTorch's reference is compared with. */
  @Test
  void followsTheReferenceEngine() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 8);
    try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS);
        TrainingEngine<SplitMaskBatch> reference =
            new HostEngine<>(SETTINGS.task(), SETTINGS.optimisation(), 1)) {
      trained(engine, start, batch, 20);
      trained(reference, start, batch, 20);
      for (int i = 0; i < 20; i++) {
        double expected = reference.metrics().get(i).figures().total();
        assertThat(engine.metrics().get(i).figures().total())
            .as("loss of step %d", i)
            .isCloseTo(expected, within(lossTolerance() * expected));
      }
    }
  }

  @Test
  void closingFreesItsNativeMemory() {
    OptimizerState start = SmallTraining.start(SETTINGS);
    SplitMaskBatch batch = SmallTraining.batch(SETTINGS, 256);
    long step = SETTINGS.task().stepBytes(256); // about 110 MB
    openAndClose(3, start, batch); // what is loaded once is there now
    long growth = Long.MAX_VALUE;
    // The process's own heap grows too, now and then; engines that were not freed show every time.
    for (int i = 0; i < 3 && growth >= step; i++) {
      long before = Pointer.physicalBytes();
      openAndClose(5, start, batch);
      growth = Math.min(growth, Pointer.physicalBytes() - before);
    }
    assertThat(growth)
        .as("bytes of the process after five engines that take %d each", step)
        .isLessThan(step);
  }

  private void openAndClose(int engines, OptimizerState start, SplitMaskBatch batch) {
    for (int i = 0; i < engines; i++) {
      try (TrainingEngine<SplitMaskBatch> engine = open(SETTINGS)) {
        trained(engine, start, batch, 1);
      }
    }
  }

  private TrainingEngine<SplitMaskBatch> open(TrainerSettings<SplitMaskBatch> settings) {
    return engines().open(settings.task(), settings.optimisation(), settings.threads());
  }

  private static OptimizerState trained(
      TrainingEngine<SplitMaskBatch> engine, ModelState start, SplitMaskBatch batch, int steps) {
    engine.begin(start);
    for (int i = 0; i < steps; i++) {
      engine.step(batch.images(), () -> batch, RATE);
    }
    return OptimizerState.copyOf(engine.state());
  }

  private static double firstLoss(
      TrainingEngine<SplitMaskBatch> engine, ModelState start, SplitMaskBatch batch) {
    engine.begin(start);
    engine.step(batch.images(), () -> batch, RATE);
    return engine.metrics().get(0).figures().total();
  }

  private static OptimizerState someState(long updates) {
    float[] parameters = SmallTraining.start(SETTINGS).parameters();
    float[] firstMoment = new float[parameters.length];
    float[] secondMoment = new float[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      firstMoment[i] = 1e-3f * (i % 17 - 8);
      secondMoment[i] = 1e-6f * (i % 13);
    }
    return new OptimizerState(parameters, firstMoment, secondMoment, updates);
  }

  private static void assertSame(ModelState actual, OptimizerState expected) {
    OptimizerState whole = OptimizerState.copyOf(actual);
    assertThat(whole.updates()).isEqualTo(expected.updates());
    assertThat(whole.parameters()).isEqualTo(expected.parameters());
    assertThat(whole.firstMoment()).isEqualTo(expected.firstMoment());
    assertThat(whole.secondMoment()).isEqualTo(expected.secondMoment());
  }

  /** A state as it comes from far away. */
  private record InSmallSegments(OptimizerState state) implements ModelState {
    @Override
    public Segments segments() {
      return new Segments(state.parameters().length, 1000);
    }

    @Override
    public StateSegment segment(int index) {
      int from = segments().from(index);
      int to = from + segments().length(index);
      return new StateSegment(
          Arrays.copyOfRange(state.parameters(), from, to),
          Arrays.copyOfRange(state.firstMoment(), from, to),
          Arrays.copyOfRange(state.secondMoment(), from, to));
    }

    @Override
    public long updates() {
      return state.updates();
    }
  }
}
