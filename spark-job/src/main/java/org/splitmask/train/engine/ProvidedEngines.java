/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/** Engines of an artefact that spark-job does not contain. */
public record ProvidedEngines(EngineArtefact artefact, EngineSettings settings)
    implements EngineFactory {
  @Override
  public <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads) {
    return engines().open(task, optimisation, threads);
  }

  @Override
  public long heapBytes(int parameters, int batchesPerUpdate) {
    return engines().heapBytes(parameters, batchesPerUpdate);
  }

  @Override
  public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
    return engines().outsideBytes(task, images);
  }

  @Override
  public <B extends MiniBatch> long cardBytes(LearningTask<B> task, int images) {
    return engines().cardBytes(task, images);
  }

  private EngineFactory engines() {
    return artefact.provider().engines(settings);
  }
}
