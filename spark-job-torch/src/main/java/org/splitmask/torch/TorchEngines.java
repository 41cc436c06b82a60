/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.task.LearningTask;

/** Opens engines on libtorch. */
record TorchEngines(EngineSettings settings) implements EngineFactory {
  /** m, v, the decays, the rates, and one while θ is updated. */
  private static final long VECTORS = 5;

  /** Of this machine, for a card: CUDA's context and libraries, and a mini-batch. Not measured. */
  private static final long BESIDE_A_CARD = 4L << 30;

  @Override
  public <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads) {
    ComputeDevice device = new DeviceChoice(Cards.ofThisProcess()).of(settings);
    return new TorchEngine<>(
        task,
        network(task, device),
        optimisation,
        device,
        settings.precision(),
        threads,
        device.isCpu());
  }

  /** A task of another kind needs a forward pass of its own here. */
  @SuppressWarnings("unchecked") // A SplitMaskTask is a LearningTask<SplitMaskBatch> and no other.
  static <B extends MiniBatch> TorchNetwork<B> network(LearningTask<B> task, ComputeDevice device) {
    if (task instanceof SplitMaskTask splitMask) {
      return (TorchNetwork<B>) new SplitMaskForward(splitMask, device);
    }
    throw Check.failure(
        Blame.USER,
        "engine=torch cannot train a %s; use engine=dl4j",
        task.getClass().getSimpleName());
  }

  /** Vectors travel in segments, for which every worker has room anyway. */
  @Override
  public long heapBytes(int parameters, int batchesPerUpdate) {
    return 0;
  }

  /**
   * As much as the other engine, and what that one has on the heap: moments and the update. With a
   * card these are there, and not here.
   */
  @Override
  public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
    return settings.device() == DeviceKind.CUDA && !settings.isCpuAllowed()
        ? BESIDE_A_CARD
        : task.stepBytes(images) + VECTORS * Float.BYTES * task.layout().length();
  }
}
