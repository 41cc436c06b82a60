/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.OptionalLong;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.splitmask.torch.device.ClaimedDevice;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.TrainingEngineContract;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.task.LearningTask;

/** The engine as it is on a card: it does not wait to learn whether a step was finite. */
class LateTorchEngineTest extends TrainingEngineContract {
  @Override
  protected EngineFactory engines() {
    return new LateEngines();
  }

  @Override
  protected double lossTolerance() {
    return 0.01;
  }

  private record LateEngines() implements EngineFactory {
    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      ComputeDevice device = new ComputeDevice(DeviceType.CPU, 0, /* answersLate= */ true);
      TorchStepMemory memory = TorchStepMemory.of((SplitMaskTask) task, Precision.FLOAT32, false);
      return new TorchEngine<>(
          task.layout(),
          TorchEngines.network(task, device),
          optimisation,
          new EngineSettings(DeviceKind.CPU, false, Precision.FLOAT32, false),
          threads,
          new ClaimedDevice(device, OptionalLong.empty(), null),
          new OutOfMemory(memory, OptionalLong.empty()));
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return TorchEngineTest.ENGINES.heapBytes(parameters, batchesPerUpdate);
    }

    @Override
    public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
      return TorchEngineTest.ENGINES.outsideBytes(task, images);
    }
  }
}
