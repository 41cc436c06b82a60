/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.TrainingEngineContract;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/** The engine as it is on a card: it does not wait to learn whether a step was finite. */
class LateTorchEngineTest extends TrainingEngineContract {
  @Override
  protected EngineFactory engines() {
    return new LateEngines();
  }

  @Override
  protected double lossTolerance() {
    return 0.01;
  }

  private record LateEngines() implements EngineFactory {
    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      return new TorchEngine<>(
          task,
          TorchEngines.network(task, ComputeDevice.CPU),
          optimisation,
          ComputeDevice.CPU,
          Precision.FLOAT32,
          threads,
          /* readsFlag= */ false);
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return TorchEngineTest.ENGINES.heapBytes(parameters, batchesPerUpdate);
    }

    @Override
    public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
      return TorchEngineTest.ENGINES.outsideBytes(task, images);
    }
  }
}
