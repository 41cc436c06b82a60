/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.AttentionShape;

/** Computes {@link TransformerBlockLayer}. R = B·T rows. */
final class TransformerBlock extends VisionLayerImplementation<TransformerBlockLayer> {
  private static final long serialVersionUID = 1L;

  TransformerBlock(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  INDArray forward(INDArray x) {
    INDArray rows = LinearLayer.matrix(x);
    AttentionShape shape = shape(x);
    long count = rows.size(0);
    int width = shape.width();
    int hidden = layerConf().hidden();

    INDArray normalised = norm("norm1", rows);
    INDArray qkv = linear("attention.qkv", normalised, buffer("qkv", count, 3L * width));
    INDArray context = buffer("context", count, width);
    kernels().attention(qkv, shape, probabilities(shape), context);
    INDArray middle = linear("attention.projection", context, buffer("middle", count, width));
    scale("scale1", middle);
    middle.addi(rows);

    INDArray normalisedAgain = norm("norm2", middle);
    INDArray before = linear("mlp.hidden", normalisedAgain, buffer("before-gelu", count, hidden));
    INDArray after = buffer("after-gelu", count, hidden);
    kernels().gelu(before, after);
    INDArray y = buffer("output", x.shape());
    INDArray out = linear("mlp.output", after, LinearLayer.matrix(y));
    scale("scale2", out);
    out.addi(middle);
    return y;
  }

  @Override
  INDArray backward(INDArray epsilon) {
    INDArray dOut = LinearLayer.matrix(epsilon);
    AttentionShape shape = shape(epsilon);
    long count = dOut.size(0);
    int width = shape.width();
    int hidden = layerConf().hidden();

    INDArray dHidden = temporary("d-hidden", count, hidden);
    INDArray branch = unscale("scale2", dOut);
    linearBackward("mlp.output", buffer("after-gelu", count, hidden), branch, dHidden);
    kernels().geluBackward(buffer("before-gelu", count, hidden), dHidden, dHidden);
    INDArray dNormalised = temporary("d-normalised", count, width);
    linearBackward("mlp.hidden", normOutput("norm2", count, width), dHidden, dNormalised);
    INDArray dMiddle = temporary("d-middle", count, width);
    normBackward("norm2", dNormalised, dMiddle);
    dMiddle.addi(dOut);

    INDArray dContext = temporary("d-context", count, width);
    branch = unscale("scale1", dMiddle);
    linearBackward("attention.projection", buffer("context", count, width), branch, dContext);
    INDArray dQkv = temporary("d-qkv", count, 3L * width);
    INDArray qkv = buffer("qkv", count, 3L * width);
    kernels().attentionBackward(qkv, shape, probabilities(shape), dContext, dQkv);
    linearBackward("attention.qkv", normOutput("norm1", count, width), dQkv, dNormalised);
    INDArray below = buffer("input-gradient", epsilon.shape());
    INDArray dX = LinearLayer.matrix(below);
    normBackward("norm1", dNormalised, dX);
    dX.addi(dMiddle);
    return below;
  }

  private AttentionShape shape(INDArray tokens) {
    int heads = layerConf().heads();
    return new AttentionShape(
        (int) tokens.size(0), (int) tokens.size(1), heads, layerConf().width() / heads);
  }

  private INDArray probabilities(AttentionShape shape) {
    return buffer(
        "probabilities", (long) shape.sequences() * shape.heads() * shape.tokens(), shape.tokens());
  }

  private INDArray normOutput(String name, long rows, int width) {
    return buffer(name + ".output", rows, width);
  }

  private INDArray norm(String name, INDArray rows) {
    INDArray y = buffer(name + ".output", rows.shape());
    kernels()
        .layerNorm(
            rows,
            parameter(name + ".weight"),
            parameter(name + ".bias"),
            LayerNormLayer.EPSILON,
            y,
            buffer(name + ".normalised", rows.shape()),
            buffer(name + ".inverse-deviation", rows.size(0)));
    return y;
  }

  private void normBackward(String name, INDArray dy, INDArray dx) {
    kernels()
        .layerNormBackward(
            dy,
            parameter(name + ".weight"),
            buffer(name + ".normalised", dy.shape()),
            buffer(name + ".inverse-deviation", dy.size(0)),
            dx,
            gradient(name + ".weight"),
            gradient(name + ".bias"));
  }

  private INDArray linear(String name, INDArray x, INDArray y) {
    kernels().linear(x, parameter(name + ".weight"), parameter(name + ".bias"), y);
    return y;
  }

  private void linearBackward(String name, INDArray x, INDArray dy, INDArray dx) {
    kernels()
        .linearBackward(
            x,
            parameter(name + ".weight"),
            dy,
            dx,
            gradient(name + ".weight"),
            gradient(name + ".bias"));
  }

  /** branch ∘ s, keeping the branch for the scale's gradient. */
  private void scale(String name, INDArray branch) {
    if (layerConf().isScaled()) {
      buffer(name + ".branch", branch.shape()).assign(branch);
      branch.muliRowVector(parameter(name));
    }
  }

  /** The gradient of the branch before its scale; writes the scale's own. */
  private INDArray unscale(String name, INDArray dScaled) {
    if (!layerConf().isScaled()) {
      return dScaled;
    }
    INDArray branch = buffer(name + ".branch", dScaled.shape());
    gradient(name).assign(branch.muli(dScaled).sum(0));
    INDArray dBranch = temporary("d-branch", dScaled.shape());
    dBranch.assign(dScaled);
    return dBranch.muliRowVector(parameter(name));
  }
}
