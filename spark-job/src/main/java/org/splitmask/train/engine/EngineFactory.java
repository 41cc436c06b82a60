/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.io.Serializable;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.task.LearningTask;

/** A kind of engine, as the configuration chooses it; workers get it with the run's settings. */
public interface EngineFactory extends Serializable {
  /**
   * An engine for a task; who opens it closes it.
   *
   * @param threads the native threads that a worker has
   */
  <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads);

  /**
   * What such an engine holds on the heap, in bytes.
   *
   * @param parameters of the task
   */
  long heapBytes(int parameters, int batchesPerUpdate);

  /**
   * What such an engine's steps hold in this machine's memory outside of the heap, in bytes.
   *
   * @param images of the largest mini-batch
   */
  <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images);

  /**
   * What such an engine's steps hold in the memory of a card, in bytes; 0 for engines that use
   * none.
   *
   * @param images of the largest mini-batch
   */
  default <B extends MiniBatch> long cardBytes(LearningTask<B> task, int images) {
    return 0;
  }
}
