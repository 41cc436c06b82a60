/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.Fixture;
import org.splitmask.train.ReferenceCase;

/** The network in float32 against the stored results of the independent PyTorch reference. */
class PyTorchReferenceTest {
  @ParameterizedTest
  @ValueSource(strings = {"learned-opposite", "sincos-both"})
  void outputsLossesAndGradientsAgree(String name) {
    ReferenceCase reference = ReferenceCase.read(name);
    SplitMaskNetwork network = reference.network();
    network.parameters().assign(Nd4j.createFromArray(reference.parameters(network.manifest())));

    Map<String, INDArray> activations =
        network.activations(reference.patches(), reference.visible());
    assertClose(reference, "output.encoder", activations.get("encoder.norm"));
    assertClose(reference, "output.decoder", activations.get("decoder.norm"));

    StepLosses losses =
        network.computeGradients(
            reference.patches(),
            reference.visible(),
            reference.labels(),
            new long[reference.visible().length]);
    assertThat(losses.inpaint()).isCloseTo(reference.scalar("loss.inpaint"), within(1e-5));
    assertThat(losses.match()).isCloseTo(reference.scalar("loss.match"), within(1e-5));
    assertThat(losses.total()).isCloseTo(reference.scalar("loss.total"), within(1e-5));

    float[] gradients = values(network.gradients());
    double whole = norm(gradients);
    for (ParameterManifest.Entry entry : network.manifest().entries()) {
      float[] actual =
          Arrays.copyOfRange(gradients, entry.offset(), entry.offset() + entry.length());
      float[] expected = reference.floats("gradient." + entry.name());
      assertThat(Fixture.distance(actual, expected, 1e-6 * whole))
          .as("distance of the gradient of %s", entry.name())
          .isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"learned-opposite", "sincos-both"})
  void everyTensorOfTheReferenceIsInTheManifestAndNoOther(String name) {
    ReferenceCase reference = ReferenceCase.read(name);
    assertThat(reference.network().manifest().entries())
        .extracting(entry -> "parameter." + entry.name())
        .containsExactlyInAnyOrderElementsOf(
            reference.tensors().tensors().keySet().stream()
                .filter(key -> key.startsWith("parameter."))
                .toList());
  }

  private static void assertClose(ReferenceCase reference, String tensor, INDArray actual) {
    float[] expected = reference.floats(tensor);
    assertThat(Fixture.distance(values(actual), expected, 1e-6))
        .as("distance of %s", tensor)
        .isLessThan(1e-4);
  }

  private static float[] values(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
