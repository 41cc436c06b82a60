/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.network.Autocast;
import org.splitmask.torch.network.BlockChain;
import org.splitmask.torch.network.SplitMaskForward;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.train.Fixture;
import org.splitmask.train.ReferenceCase;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.local.ReferenceCurve;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.task.StepFigures;

/** The forward pass and autograd in float32 beside what the reference computed in float64. */
final class TorchReference {
  private static final double OUTPUTS = 1e-4;
  private static final double LOSSES = 1e-5;
  private static final double GRADIENTS = 1e-3;

  private TorchReference() {}

  /** The bounds of the other engine: outputs 1e-4, losses 1e-5, each tensor's gradient 1e-3. */
  static void assertAgrees(ReferenceCase reference) {
    SplitMaskTask task =
        (SplitMaskTask) ReferenceCurve.settings(reference, TorchEngineTest.ENGINES).task();
    SplitMaskBatch batch = reference.batch(0);
    Autocast precision = new Autocast(ComputeDevice.CPU, Precision.FLOAT32);
    for (boolean recomputes : new boolean[] {false, true}) {
      try (PointerScope scope = new PointerScope();
          FlatState state = new FlatState(task.layout(), ComputeDevice.CPU);
          SplitMaskForward forward = new SplitMaskForward(task, ComputeDevice.CPU)) {
        state.write(OptimizerState.start(reference.parameters(task.layout())));
        BlockChain kept = new BlockChain(precision, false);
        assertOutput(forward.output(batch, state, kept), task, reference);
        BlockChain blocks = new BlockChain(precision, recomputes);
        Tensor told = forward.gradients(batch, state, 1, blocks);
        assertLosses(forward.figures(TorchEngine.read(told)), reference);
        assertGradients(floats(state.gradient()), task.layout(), reference);
      }
    }
  }

  private static void assertOutput(Tensor output, SplitMaskTask task, ReferenceCase reference) {
    String name = task.objective().branches() == Branches.TWO ? "output.decoder" : "output.encoder";
    float[] all = floats(output);
    int length = (int) (output.numel() / output.size(0));
    int[] wanted = reference.outputRows();
    float[] rows = new float[wanted.length * length];
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(all, wanted[i] * length, rows, i * length, length);
    }
    assertThat(Fixture.distance(rows, reference.floats(name), 1e-6))
        .as("distance of %s", name)
        .isLessThan(OUTPUTS);
  }

  private static void assertLosses(StepFigures figures, ReferenceCase reference) {
    assertThat(figures.total()).isCloseTo(reference.scalar("loss.total"), within(LOSSES));
    figures.named().keySet().stream()
        .filter(name -> reference.has("loss." + name))
        .forEach(
            name ->
                assertThat(figures.get(name))
                    .as(name)
                    .isCloseTo(reference.scalar("loss." + name), within(LOSSES)));
  }

  private static void assertGradients(
      float[] gradients, ParameterManifest layout, ReferenceCase reference) {
    double squares = 0;
    for (float value : gradients) {
      squares += (double) value * value;
    }
    for (ParameterManifest.Entry entry : layout.entries()) {
      float[] actual =
          Arrays.copyOfRange(gradients, entry.offset(), entry.offset() + entry.length());
      float[] expected = reference.floats("gradient." + entry.name());
      assertThat(Fixture.distance(actual, expected, 1e-6 * Math.sqrt(squares)))
          .as("distance of the gradient of %s", entry.name())
          .isLessThan(GRADIENTS);
    }
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[(int) tensor.numel()];
    new FloatPointer(tensor.contiguous().data_ptr()).get(values);
    return values;
  }
}
