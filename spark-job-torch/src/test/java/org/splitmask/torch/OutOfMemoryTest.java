/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.torch.device.ClaimedDevice;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.network.BlockChain;
import org.splitmask.torch.network.TorchNetwork;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.task.StepFigures;

class OutOfMemoryTest {
  private static final ComputeDevice CARD = ComputeDevice.card(1);

  private final TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO);
  private final SplitMaskTask task = (SplitMaskTask) settings.task();

  @Test
  void theRefusalNamesABatchThatFits() {
    TorchStepMemory memory = TorchStepMemory.of(task, Precision.FLOAT32, false);
    long free = memory.bytes(37);

    SplitMaskException refusal =
        new OutOfMemory(memory, OptionalLong.of(free)).refusal(CARD, 1_000_000);

    assertThat(refusal.blame()).isEqualTo(Blame.USER);
    assertThat(refusal)
        .hasMessageStartingWith(
            "GPU 1 has no memory for a step: a mini-batch of 1000000 images needs about ")
        .hasMessageContaining(" MB were free before the first step; batch-size=37 should fit")
        .hasMessageContaining("recompute-blocks=true");
  }

  @Test
  void whereThePlanWasTooLowASmallerBatchIsNamedAllTheSame() {
    TorchStepMemory memory = TorchStepMemory.of(task, Precision.FLOAT32, true);
    OutOfMemory room = new OutOfMemory(memory, OptionalLong.of(memory.bytes(100)));
    assertThat(room.refusal(CARD, 100))
        .hasMessageContaining("batch-size=75 should fit")
        .hasMessageNotContaining("recompute-blocks");
  }

  @Test
  void whereNothingFitsItSaysSo() {
    TorchStepMemory memory = TorchStepMemory.of(task, Precision.FLOAT32, false);
    OutOfMemory room = new OutOfMemory(memory, OptionalLong.of(1000));
    assertThat(room.refusal(CARD, 8)).hasMessageContaining("not even two images fit");
  }

  @Test
  void whatLibtorchSaysIsKnown() {
    assertThatThrownBy(
            () -> {
              try (PointerScope scope = new PointerScope()) {
                torch.torch_zeros(1L << 55);
              }
            })
        .satisfies(failure -> assertThat(OutOfMemory.is(failure)).as("%s", failure).isTrue());
    assertThat(OutOfMemory.is(new RuntimeException("CUDA out of memory. Tried to allocate")))
        .isTrue();
    assertThat(OutOfMemory.is(new RuntimeException("mat1 and mat2 shapes"))).isFalse();
  }

  @Test
  void aStepWithoutMemoryBlamesTheConfigurationAndClosesTheEngine() {
    AtomicInteger closed = new AtomicInteger();
    TorchStepMemory memory = TorchStepMemory.of(task, Precision.FLOAT32, false);
    TrainingEngine<SplitMaskBatch> engine =
        new TorchEngine<>(
            task.layout(),
            new Greedy(closed),
            settings.optimisation(),
            new EngineSettings(DeviceKind.CPU, false, Precision.FLOAT32, false),
            1,
            ClaimedDevice.processors(),
            new OutOfMemory(memory, OptionalLong.empty()));
    SplitMaskBatch batch = SmallTraining.batch(settings, 8);
    engine.begin(OptimizerState.start(InitialParameters.all(task.layout(), 7)));

    assertThatThrownBy(() -> engine.step(8, () -> batch, 1e-3))
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessageStartingWith("this machine has no memory for a step")
        .hasMessageContaining("batch-size=4 should fit");
    assertThat(closed).as("closed with the engine").hasValue(1);
    engine.close(); // again, by the trainer
  }

  /** Asks libtorch for more memory than there is anywhere. */
  private record Greedy(AtomicInteger closed) implements TorchNetwork<SplitMaskBatch> {
    @Override
    public Tensor gradients(
        SplitMaskBatch batch, FlatState parameters, double weight, BlockChain blocks) {
      return torch.torch_zeros(1L << 55);
    }

    @Override
    public StepFigures figures(double[] told) {
      return new StepFigures(0, Map.of());
    }

    @Override
    public long bytesCopied() {
      return 0;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
