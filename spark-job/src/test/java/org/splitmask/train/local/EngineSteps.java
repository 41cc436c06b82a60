/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.List;
import java.util.function.Supplier;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.OptimizerState;

/** Single steps of the engine that settings choose, for tests. */
final class EngineSteps implements AutoCloseable {
  private final TrainerSettings<SplitMaskBatch> settings;
  private final TrainingEngine<SplitMaskBatch> engine;

  EngineSteps(TrainerSettings<SplitMaskBatch> settings, ModelState start) {
    this.settings = settings;
    this.engine = settings.openEngine();
    engine.begin(start);
  }

  /** A step on one mini-batch. */
  StepMetrics step(SplitMaskBatch batch, double progress) {
    return step(batch.images(), () -> batch, progress);
  }

  /** A step on as many mini-batches as make an update. */
  StepMetrics step(int images, Supplier<SplitMaskBatch> batches, double progress) {
    engine.step(images, batches, settings.optimisation().rate().at(progress));
    List<StepMetrics> metrics = engine.metrics();
    return metrics.get(metrics.size() - 1);
  }

  /** The state that the steps came to. */
  OptimizerState state() {
    return OptimizerState.copyOf(engine.state());
  }

  @Override
  public void close() {
    engine.close();
  }
}
