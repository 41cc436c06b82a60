/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.task.LearningTask;

class EngineParityTest {
  private static final int PICTURE_BYTES = 16 * 16 * 3;

  private final TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO);

  @Test
  void anEngineIsLikeItself() {
    EngineParity parity = parity(new HostEngines());
    assertThat(parity.lossDifference()).isZero();
    assertThat(parity.gradientDistance()).isZero();
    assertThat(parity.steps()).isEqualTo(3);
  }

  @Test
  void anotherRateIsSeenInTheLossesOnly() {
    EngineParity parity = parity(new OtherRates(1.1));
    assertThat(parity.lossDifference()).isBetween(1e-6, 0.1);
    assertThat(parity.gradientDistance()).isZero();
  }

  @Test
  void anEngineThatBreaksIsNotLikeAnyOther() {
    assertThat(parity(new OtherRates(Double.NaN)).lossDifference()).isInfinite();
  }

  private EngineParity parity(EngineFactory engines) {
    return EngineParity.of(settings, new HostEngines(), engines, 4, PICTURE_BYTES, 3);
  }

  /** Engines that take every step at a multiple of its rate. */
  private record OtherRates(double factor) implements EngineFactory {
    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      return new OtherRate<>(new HostEngines().open(task, optimisation, threads), factor);
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return 0;
    }

    @Override
    public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
      return 0;
    }
  }

  private record OtherRate<B extends MiniBatch>(TrainingEngine<B> engine, double factor)
      implements TrainingEngine<B> {
    @Override
    public void begin(ModelState start) {
      engine.begin(start);
    }

    @Override
    public boolean step(int images, Supplier<B> batches, double rate) {
      return engine.step(images, batches, rate * factor);
    }

    @Override
    public List<StepMetrics> metrics() {
      return engine.metrics();
    }

    @Override
    public ModelState state() {
      return engine.state();
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
