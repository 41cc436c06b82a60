/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.time.Duration;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.torch.device.Cards;
import org.splitmask.torch.device.ClaimedDevice;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.device.DeviceChoice;
import org.splitmask.torch.device.Libtorch;
import org.splitmask.torch.network.SplitMaskForward;
import org.splitmask.torch.network.TorchNetwork;
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
  /** Of this machine, for a card: CUDA's context and libraries, and a mini-batch. Not measured. */
  private static final long BESIDE_A_CARD = 4L << 30;

  /** A worker that ends gives its card back within moments. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The matching term needs pairs. */
  private static final int LEAST_IMAGES = 2;

  @Override
  public <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads) {
    DeviceChoice choice = new DeviceChoice(Cards.ofThisProcess(), PATIENCE);
    return open(task, optimisation, threads, choice);
  }

  /** The same on a device of the caller's choice. */
  <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads, DeviceChoice choice) {
    TorchStepMemory memory = memory(task);
    ClaimedDevice device = choice.claimed(settings);
    OutOfMemory room = new OutOfMemory(memory, device.free());
    TorchNetwork<B> network = null;
    try {
      Libtorch.cards(); // where it cannot be loaded, that is said here
      device.device().enter();
      if (device.free().isPresent() && memory.bytes(LEAST_IMAGES) > device.free().getAsLong()) {
        throw room.refusal(device.device(), LEAST_IMAGES);
      }
      network = network(task, device.device());
      return new TorchEngine<>(
          task.layout(), network, optimisation, settings, threads, device, room);
    } catch (RuntimeException | Error failure) {
      if (network != null) {
        network.close();
      }
      device.device().emptyCache();
      device.close();
      if (OutOfMemory.is(failure)) {
        throw room.refusal(device.device(), LEAST_IMAGES);
      }
      throw failure;
    }
  }

  /** A task of another kind needs a forward pass of its own here. */
  @SuppressWarnings("unchecked") // A SplitMaskTask is a LearningTask<SplitMaskBatch> and no other.
  static <B extends MiniBatch> TorchNetwork<B> network(LearningTask<B> task, ComputeDevice device) {
    return (TorchNetwork<B>) new SplitMaskForward(splitMask(task), device);
  }

  private TorchStepMemory memory(LearningTask<?> task) {
    return TorchStepMemory.of(splitMask(task), settings.precision(), settings.recomputesBlocks());
  }

  private static SplitMaskTask splitMask(LearningTask<?> task) {
    if (task instanceof SplitMaskTask splitMask) {
      return splitMask;
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

  /** On processors what steps need is here; with a card it is there. */
  @Override
  public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
    return settings.device() == DeviceKind.CUDA && !settings.isCpuAllowed()
        ? BESIDE_A_CARD
        : memory(task).bytes(images);
  }

  @Override
  public <B extends MiniBatch> long cardBytes(LearningTask<B> task, int images) {
    return settings.device() == DeviceKind.CUDA ? memory(task).bytes(images) : 0;
  }
}
