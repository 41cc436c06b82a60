/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.checkpoint.SafeTensors;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.Objective;
import org.splitmask.train.model.Objective.Branches;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.SplitMaskNetwork;

/** One objective that the independent reference computed, and the network to compare with it. */
public record ReferenceCase(SafeTensors tensors) {
  public static ReferenceCase read(String name) {
    return new ReferenceCase(Fixture.read(name));
  }

  public NetworkShape shape() {
    String scale = text("layer-scale");
    int gridSide = number("image-side") / number("patch-side");
    return new NetworkShape(
        gridSide,
        number("patch-side") * number("patch-side") * number("channels"),
        number("width"),
        number("encoder-depth"),
        number("heads"),
        number("mlp-ratio") * number("width"),
        number("decoder-depth"),
        Positions.valueOf(text("positions").toUpperCase(Locale.ROOT)),
        gridSide,
        scale.equals("none") ? 0 : Double.parseDouble(scale),
        0);
  }

  public Objective objective() {
    return new Objective(
        Branches.TWO,
        number("vocabulary"),
        1,
        real("match-weight"),
        real("temperature"),
        Negatives.valueOf(text("negatives").toUpperCase(Locale.ROOT)));
  }

  public SplitMaskNetwork network() {
    return SplitMaskNetwork.create(shape(), objective(), DataType.FLOAT, 1);
  }

  /** The reference's starting point in the layout of a manifest. */
  public float[] parameters(ParameterManifest manifest) {
    float[] vector = new float[manifest.length()];
    for (ParameterManifest.Entry entry : manifest.entries()) {
      float[] values = floats("parameter." + entry.name());
      System.arraycopy(values, 0, vector, entry.offset(), values.length);
    }
    return vector;
  }

  /** [N, L, P·P·C]. */
  public INDArray patches() {
    return Nd4j.create(floats("input.patches"), tensors.tensor("input.patches").shape(), 'c');
  }

  /** [2N, K]. */
  public int[][] visible() {
    return rows("input.visible");
  }

  /** [2N, L], -1 where the branch sees the patch. */
  public int[][] labels() {
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

  public float[] floats(String tensor) {
    return tensors.tensor(tensor).floats();
  }

  public double scalar(String tensor) {
    return floats(tensor)[0];
  }

  public int number(String key) {
    return Integer.parseInt(text(key));
  }

  public double real(String key) {
    return Double.parseDouble(text(key));
  }

  public String text(String key) {
    return tensors.metadata().get(key);
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
}
