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
   * What such an engine holds on the heap, in bytes; {@link LearningTask#stepBytes} tells what is
   * outside of it.
   *
   * @param parameters of the task
   */
  long heapBytes(int parameters, int batchesPerUpdate);
}
