/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * A pre-norm ViT block (Dosovitskiy et al., 2010.11929): x += s₁·Proj(Attn(LN(x))); x +=
 * s₂·MLP(LN(x)); [B, T, D] to [B, T, D]. One layer, so that DL4J passes one array between blocks.
 * In training, {@link DropPath} may leave a sequence's branches out.
 */
public final class TransformerBlockLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private int width;
  private int heads;
  private int hidden;
  private double layerScale;
  private double dropPath;

  /** For DL4J's deserialisation. */
  TransformerBlockLayer() {}

  /**
   * A block.
   *
   * @param width D
   * @param heads H, which divides D
   * @param hidden the width of the MLP's hidden layer
   * @param layerScale the initial value of the layer scales s₁ and s₂ (CaiT, 2103.17239), 0 for
   *     none
   * @param dropPath the probability that a residual branch of a sequence is left out in training
   */
  public TransformerBlockLayer(
      int width, int heads, int hidden, double layerScale, double dropPath) {
    Check.that(width % heads == 0, "width %d is not a multiple of heads %d", width, heads);
    Check.that(dropPath >= 0 && dropPath < 1, "drop path must be in [0, 1), was %s", dropPath);
    this.width = width;
    this.heads = heads;
    this.hidden = hidden;
    this.layerScale = layerScale;
    this.dropPath = dropPath;
  }

  /** A block without layer scale and drop path. */
  public TransformerBlockLayer(int width, int heads, int hidden) {
    this(width, heads, hidden, 0, 0);
  }

  int width() {
    return width;
  }

  int heads() {
    return heads;
  }

  int hidden() {
    return hidden;
  }

  double dropPath() {
    return dropPath;
  }

  boolean isScaled() {
    return layerScale > 0;
  }

  @Override
  protected List<Object> settings() {
    return List.of(width, heads, hidden, layerScale, dropPath);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    norm(specs, "norm1");
    linear(specs, "attention.qkv", width, 3 * width);
    linear(specs, "attention.projection", width, width);
    norm(specs, "norm2");
    linear(specs, "mlp.hidden", width, hidden);
    linear(specs, "mlp.output", hidden, width);
    if (isScaled()) {
      specs.add(ParameterSpec.exempt("scale1", InitialValues.constant(layerScale), width));
      specs.add(ParameterSpec.exempt("scale2", InitialValues.constant(layerScale), width));
    }
    return specs;
  }

  private void norm(List<ParameterSpec> specs, String name) {
    specs.add(ParameterSpec.exempt(name + ".weight", InitialValues.ONES, width));
    specs.add(ParameterSpec.exempt(name + ".bias", InitialValues.ZEROS, width));
  }

  private static void linear(List<ParameterSpec> specs, String name, int in, int out) {
    specs.add(ParameterSpec.weight(name + ".weight", out, in));
    specs.add(ParameterSpec.exempt(name + ".bias", InitialValues.ZEROS, out));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new TransformerBlock(conf, type);
  }
}
