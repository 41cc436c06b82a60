/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.Fixture;
import org.splitmask.train.ReferenceCase;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.tensors.SafeTensors;

/** The network in float32 beside what the independent reference computed in float64. */
public final class ReferenceComparison {
  private static final double OUTPUTS = 1e-4;
  private static final double LOSSES = 1e-5;
  private static final double GRADIENTS = 1e-3;

  private ReferenceComparison() {}

  /** Outputs norm-wise within 1e-4, losses within 1e-5, each tensor's gradient within 1e-3. */
  public static void assertAgrees(ReferenceCase reference) {
    SplitMaskNetwork network = reference.network();
    network.parameters().assign(Nd4j.createFromArray(reference.parameters(network.manifest())));
    SplitMaskBatch batch = reference.batch(0);

    Map<String, SafeTensors.Tensor> computed = compute(network, reference, batch);
    computed.forEach(
        (name, tensor) -> {
          float[] expected = reference.floats(name);
          if (name.startsWith("loss.")) {
            assertThat((double) tensor.floats()[0]).as(name).isCloseTo(expected[0], within(LOSSES));
          } else {
            assertThat(Fixture.distance(tensor.floats(), expected, 1e-6))
                .as("distance of %s", name)
                .isLessThan(OUTPUTS);
          }
        });

    float[] gradients = values(network.gradients());
    double whole = Nd4j.createFromArray(gradients).norm2Number().doubleValue();
    for (ParameterManifest.Entry entry : network.manifest().entries()) {
      float[] actual =
          Arrays.copyOfRange(gradients, entry.offset(), entry.offset() + entry.length());
      float[] expected = reference.floats("gradient." + entry.name());
      assertThat(Fixture.distance(actual, expected, 1e-6 * whole))
          .as("distance of the gradient of %s", entry.name())
          .isLessThan(GRADIENTS);
    }
  }

  /** No tensor of the reference is missing in our network, and there is no other. */
  public static void assertSameTensors(ReferenceCase reference) {
    assertThat(reference.network().manifest().entries())
        .extracting(entry -> "parameter." + entry.name())
        .containsExactlyInAnyOrderElementsOf(
            reference.tensors().tensors().keySet().stream()
                .filter(key -> key.startsWith("parameter."))
                .toList());
  }

  /** Losses and outputs of a case's first mini-batch, under the reference's names. */
  public static Map<String, SafeTensors.Tensor> compute(
      SplitMaskNetwork network, ReferenceCase reference, SplitMaskBatch batch) {
    INDArray patches = reference.patches(batch);
    Map<String, SafeTensors.Tensor> computed = new LinkedHashMap<>();
    Map<String, INDArray> activations = network.activations(patches, batch.visible());
    for (String part : new String[] {"encoder", "decoder"}) {
      if (activations.containsKey(part + ".norm")) {
        INDArray output = activations.get(part + ".norm");
        computed.put("output." + part, rows(output, reference.outputRows()));
      }
    }
    SplitMaskLosses losses =
        network.computeGradients(patches, batch.visible(), batch.labels(), batch.seeds());
    computed.put("loss.inpaint", scalar(losses.inpaint()));
    computed.put("loss.total", scalar(losses.total()));
    if (!Double.isNaN(losses.match())) {
      computed.put("loss.match", scalar(losses.match()));
    }
    return computed;
  }

  private static SafeTensors.Tensor rows(INDArray output, int[] wanted) {
    int length = (int) (output.length() / output.size(0));
    float[] all = values(output);
    float[] rows = new float[wanted.length * length];
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(all, wanted[i] * length, rows, i * length, length);
    }
    return SafeTensors.Tensor.of(rows, wanted.length, output.size(1), output.size(2));
  }

  private static SafeTensors.Tensor scalar(double value) {
    return SafeTensors.Tensor.of(new float[] {(float) value}, 1);
  }

  private static float[] values(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }
}
