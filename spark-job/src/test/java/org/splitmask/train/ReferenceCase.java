/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskNetwork;
import org.splitmask.train.tensors.SafeTensors;

/** One objective that the independent reference computed, and the network to compare with it. */
public record ReferenceCase(SafeTensors tensors) {
  /** A stored case. */
  public static ReferenceCase read(String name) {
    return new ReferenceCase(Fixture.read(name));
  }

  /** A case in a file that the reference has just written. */
  public static ReferenceCase read(Path file) {
    return new ReferenceCase(Fixture.read(file));
  }

  /** The stored cases of the matrix objective × positions × geometry × negatives. */
  public static List<String> storedMatrix() {
    return List.of(
            "splitmask-learned-p8-opposite",
            "splitmask-sincos-p16-both",
            "inpaint-learned-p8-both",
            "inpaint-sincos-p16-opposite",
            "match-learned-p16-opposite",
            "match-sincos-p8-both",
            "beit-learned-p16-both",
            "beit-sincos-p8-opposite")
        .stream()
        .map(name -> "matrix/" + name)
        .toList();
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
    boolean isBeit = text("objective", "splitmask").equals("beit");
    return new Objective(
        isBeit ? Branches.ONE : Branches.TWO,
        number("vocabulary"),
        Double.parseDouble(text("inpaint-weight", "1")),
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

  /** How many mini-batches there are. */
  public int batches() {
    return Integer.parseInt(text("batches", "1"));
  }

  /** A mini-batch, patches as the network reads them. */
  public SplitMaskBatch batch(int index) {
    String prefix = isOfMatrix() ? "batch." + index + "." : "input.";
    float[] patches = isOfMatrix() ? normalised(prefix + "pixels") : floats(prefix + "patches");
    int[][] visible = rows(prefix + "visible");
    int[][] tokens = rows(prefix + "tokens");
    int[][] labels = new int[visible.length][];
    for (int b = 0; b < labels.length; b++) {
      labels[b] = tokens[b % tokens.length].clone();
      for (int seen : visible[b]) {
        labels[b][seen] = -1;
      }
    }
    return new SplitMaskBatch(tokens.length, patches, visible, labels, new long[visible.length]);
  }

  /** The patches of a mini-batch, [N, L, P·P·C]. */
  public INDArray patches(SplitMaskBatch batch) {
    long values = (long) number("patch-side") * number("patch-side") * number("channels");
    long[] shape = {batch.images(), number("patches"), values};
    return Nd4j.create(batch.patches(), shape, 'c');
  }

  /** The sequences whose outputs the file holds; all of them where it does not say. */
  public int[] outputRows() {
    String rows = text("output-rows", "");
    return rows.isEmpty()
        ? IntStream.range(0, batch(0).visible().length).toArray()
        : Arrays.stream(rows.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  public boolean has(String tensor) {
    return tensors.tensors().containsKey(tensor);
  }

  private boolean isOfMatrix() {
    return has("batch.0.pixels");
  }

  /** (u/255 − mean)/std in float32, in the order of the reference. */
  private float[] normalised(String tensor) {
    byte[] pixels = tensors.tensor(tensor).bytes();
    float[] mean = PixelNormalisation.IMAGENET.mean();
    float[] deviation = PixelNormalisation.IMAGENET.deviation();
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = ((pixels[i] & 0xff) / 255f - mean[i % 3]) / deviation[i % 3];
    }
    return values;
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

  private String text(String key, String otherwise) {
    return tensors.metadata().getOrDefault(key, otherwise);
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
