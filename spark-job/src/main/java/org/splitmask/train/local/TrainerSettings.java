/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/**
 * Everything that a worker needs to know besides its images; sent to it once.
 *
 * @param task what is learned
 * @param engine what computes the steps
 * @param threads the native threads of a worker
 * @param seed of the run
 */
public record TrainerSettings<B extends MiniBatch>(
    LearningTask<B> task,
    Optimisation optimisation,
    Loading loading,
    EngineFactory engine,
    int threads,
    long seed)
    implements Serializable {
  public TrainerSettings {
    Check.that(threads >= 1, "threads must be at least 1, was %d", threads);
  }

  /** An engine with these settings; who opens it closes it. */
  public TrainingEngine<B> openEngine() {
    return engine.open(task, optimisation, threads);
  }
}
