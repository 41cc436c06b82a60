/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine.host;

import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/** Opens {@link HostEngine}s. */
public record HostEngines() implements EngineFactory {
  @Override
  public <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads) {
    return new HostEngine<>(task, optimisation, threads);
  }

  @Override
  public long heapBytes(int parameters, int batchesPerUpdate) {
    return HostEngine.heapBytes(parameters, batchesPerUpdate);
  }

  @Override
  public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
    return task.stepBytes(images);
  }
}
