/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.util.ServiceLoader;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/**
 * Engines of an artefact that spark-job does not contain. Workers get this record, and each process
 * looks for the artefact itself: so one that lacks it says so.
 *
 * @param key the engine's name
 * @param artefact the jar that has it, for the message
 */
public record ProvidedEngines(String key, String artefact, EngineSettings settings)
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

  /** Refuses a process that lacks the artefact. */
  private EngineFactory engines() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return ServiceLoader.load(EngineProvider.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.USER,
                    "engine=%s needs %s on the class path, and it is not there; on one machine put"
                        + " it beside spark-job.jar, on a cluster give it with --jars (docs/gpu.md);"
                        + " or use engine=dl4j",
                    key,
                    artefact))
        .engines(settings);
  }
}
