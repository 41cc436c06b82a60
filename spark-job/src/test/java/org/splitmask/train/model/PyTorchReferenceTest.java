/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.Fixture;
import org.splitmask.train.checkpoint.SafeTensors;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.PositionTableLayer.Positions;

/** The network in float32 against the stored results of the independent PyTorch reference. */
class PyTorchReferenceTest {
  @ParameterizedTest
  @ValueSource(strings = {"learned-opposite", "sincos-both"})
  void outputsLossesAndGradientsAgree(String name) {
    ReferenceCase reference = ReferenceCase.read(name);
    SplitMaskNetwork network = reference.network();
    reference.load(network);

    Map<String, INDArray> activations =
        network.activations(reference.patches(), reference.visible());
    assertClose(reference, "output.encoder", activations.get("encoder.norm"));
    assertClose(reference, "output.decoder", activations.get("decoder.norm"));

    StepLosses losses =
        network.computeGradients(reference.patches(), reference.visible(), reference.labels());
    assertThat(losses.inpaint()).isCloseTo(reference.scalar("loss.inpaint"), within(1e-5));
    assertThat(losses.match()).isCloseTo(reference.scalar("loss.match"), within(1e-5));
    assertThat(losses.total()).isCloseTo(reference.scalar("loss.total"), within(1e-5));

    float[] gradients = values(network.gradients());
    double whole = norm(gradients);
    for (ParameterManifest.Entry entry : network.manifest().entries()) {
      float[] actual =
          Arrays.copyOfRange(gradients, entry.offset(), entry.offset() + entry.length());
      float[] expected = reference.tensors().tensor("gradient." + entry.name()).floats();
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
    float[] expected = reference.tensors().tensor(tensor).floats();
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

  /** One stored case. */
  record ReferenceCase(SafeTensors tensors) {
    static ReferenceCase read(String name) {
      return new ReferenceCase(Fixture.read(name));
    }

    SplitMaskNetwork network() {
      String scale = text("layer-scale");
      NetworkShape shape =
          new NetworkShape(
              (int) Math.round(Math.sqrt(patchesPerImage())),
              (int) tensors.tensor("input.patches").shape()[2],
              number("width"),
              number("encoder-depth"),
              number("heads"),
              4 * number("width"),
              number("decoder-depth"),
              Positions.valueOf(text("positions").toUpperCase(Locale.ROOT)),
              scale.equals("none") ? 0 : Double.parseDouble(scale));
      Objective objective =
          new Objective(
              number("vocabulary"),
              1,
              Double.parseDouble(text("match-weight")),
              Double.parseDouble(text("temperature")),
              Negatives.valueOf(text("negatives").toUpperCase(Locale.ROOT)));
      return SplitMaskNetwork.create(shape, objective, DataType.FLOAT, 1);
    }

    void load(SplitMaskNetwork network) {
      for (ParameterManifest.Entry entry : network.manifest().entries()) {
        float[] values = tensors.tensor("parameter." + entry.name()).floats();
        for (int i = 0; i < values.length; i++) {
          network.parameters().putScalar(entry.offset() + i, values[i]);
        }
      }
    }

    INDArray patches() {
      SafeTensors.Tensor stored = tensors.tensor("input.patches");
      return Nd4j.create(stored.floats(), stored.shape(), 'c');
    }

    int[][] visible() {
      return rows("input.visible");
    }

    int[][] labels() {
      int[][] tokens = rows("input.tokens");
      int[][] visible = visible();
      int[][] labels = new int[visible.length][];
      for (int b = 0; b < labels.length; b++) {
        labels[b] = tokens[b % tokens.length].clone();
        for (int seen : visible[b]) {
          labels[b][seen] = -1;
        }
      }
      return labels;
    }

    double scalar(String name) {
      return tensors.tensor(name).floats()[0];
    }

    private int[][] rows(String name) {
      SafeTensors.Tensor tensor = tensors.tensor(name);
      int width = (int) tensor.shape()[1];
      int[] flat = tensor.ints();
      int[][] rows = new int[flat.length / width][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
      }
      return rows;
    }

    private long patchesPerImage() {
      return tensors.tensor("input.patches").shape()[1];
    }

    private int number(String key) {
      return Integer.parseInt(text(key));
    }

    private String text(String key) {
      return tensors.metadata().get(key);
    }
  }
}
