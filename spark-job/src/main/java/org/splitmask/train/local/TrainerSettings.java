/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.MiniBatchSettings;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.Objective;
import org.splitmask.train.model.StepMemory;

/**
 * Everything that a worker needs to know besides its images; sent to it once.
 *
 * @param threads the native threads of a worker
 * @param seed of the run
 */
public record TrainerSettings(
    NetworkShape shape,
    Objective objective,
    MiniBatchSettings miniBatches,
    Optimisation optimisation,
    Loading loading,
    int threads,
    long seed)
    implements Serializable {
  public TrainerSettings {
    Check.that(threads >= 1, "threads must be at least 1, was %d", threads);
  }

  /**
   * What steps hold outside of the heap.
   *
   * @param images of the largest mini-batch
   */
  public StepMemory stepMemory(int images) {
    return new StepMemory(shape, objective, images, miniBatches.splitter().kept());
  }

  /** How pictures become the model's input. */
  public ModelInput input() {
    return miniBatches.input();
  }
}
