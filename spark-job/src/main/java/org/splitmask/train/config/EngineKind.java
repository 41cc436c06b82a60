/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.host.HostEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/** The engines that a configuration can choose. */
public enum EngineKind implements EngineFactory {
  /** {@link HostEngine}. */
  DL4J {
    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      return new HostEngine<>(task, optimisation, threads);
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return HostEngine.heapBytes(parameters, batchesPerUpdate);
    }
  }
}
