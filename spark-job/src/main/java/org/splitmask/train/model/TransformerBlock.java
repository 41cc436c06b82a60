/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.AttentionShape;
import org.splitmask.train.split.Seeds;

/** Computes {@link TransformerBlockLayer}. R = B·T rows. */
final class TransformerBlock extends VisionLayerImplementation<TransformerBlockLayer> {
  private static final long serialVersionUID = 1L;
  private static final List<String> SCALES = List.of("scale1", "scale2");

  private transient long @Nullable [] sequenceSeeds;
  private transient List<INDArray> survivals = List.of();
  private transient long passes;

  TransformerBlock(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** What drop path draws from in the next passes, [B]; null for the layer's own seed. */
  void setSequenceSeeds(long @Nullable [] seeds) {
    this.sequenceSeeds = seeds;
  }

  @Override
  INDArray forward(INDArray x) {
    INDArray rows = LinearLayer.matrix(x);
    AttentionShape shape = shape(x);
    survivals = drawSurvivals(shape);
    long count = rows.size(0);
    int width = shape.width();
    int hidden = layerConf().hidden();

    INDArray normalised = norm("norm1", rows);
    INDArray qkv = linear("attention.qkv", normalised, buffer("qkv", count, 3L * width));
    INDArray context = buffer("context", count, width);
    kernels().attention(qkv, shape, probabilities(shape), context);
    INDArray middle = linear("attention.projection", context, buffer("middle", count, width));
    finishBranch(0, middle);
    middle.addi(rows);

    INDArray normalisedAgain = norm("norm2", middle);
    INDArray before = linear("mlp.hidden", normalisedAgain, buffer("before-gelu", count, hidden));
    INDArray after = buffer("after-gelu", count, hidden);
    kernels().gelu(before, after);
    INDArray y = buffer("output", x.shape());
    INDArray out = linear("mlp.output", after, LinearLayer.matrix(y));
    finishBranch(1, out);
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
    INDArray branch = beforeFinish(1, dOut);
    linearBackward("mlp.output", buffer("after-gelu", count, hidden), branch, dHidden);
    kernels().geluBackward(buffer("before-gelu", count, hidden), dHidden, dHidden);
    INDArray dNormalised = temporary("d-normalised", count, width);
    linearBackward("mlp.hidden", normOutput("norm2", count, width), dHidden, dNormalised);
    INDArray dMiddle = temporary("d-middle", count, width);
    normBackward("norm2", dNormalised, dMiddle);
    dMiddle.addi(dOut);

    INDArray dContext = temporary("d-context", count, width);
    branch = beforeFinish(0, dMiddle);
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

  /** Layer scale, then drop path; keeps the branch for the scale's gradient. */
  private void finishBranch(int residual, INDArray branch) {
    if (layerConf().isScaled()) {
      String name = SCALES.get(residual);
      buffer(name + ".branch", branch.shape()).assign(branch);
      branch.muliRowVector(parameter(name));
    }
    if (!survivals.isEmpty()) {
      branch.muliColumnVector(survivals.get(residual));
    }
  }

  /** The gradient of the branch before {@link #finishBranch}; writes the scale's own. */
  private INDArray beforeFinish(int residual, INDArray dFinished) {
    if (!layerConf().isScaled() && survivals.isEmpty()) {
      return dFinished;
    }
    INDArray dBranch = temporary("d-branch", dFinished.shape()).assign(dFinished);
    if (!survivals.isEmpty()) {
      dBranch.muliColumnVector(survivals.get(residual));
    }
    if (layerConf().isScaled()) {
      String name = SCALES.get(residual);
      INDArray branch = buffer(name + ".branch", dFinished.shape());
      gradient(name).assign(branch.muli(dBranch).sum(0));
      dBranch.muliRowVector(parameter(name));
    }
    return dBranch;
  }

  /** For each residual branch the factor on each row, [R, 1]; empty where nothing is dropped. */
  private List<INDArray> drawSurvivals(AttentionShape shape) {
    double rate = layerConf().dropPath();
    if (rate == 0 || !isTraining()) {
      return List.of();
    }
    long[] seeds = sequenceSeeds == null ? ownSeeds(shape.sequences()) : sequenceSeeds;
    Check.invariant(
        seeds.length == shape.sequences(),
        "%d seeds for %d sequences",
        seeds.length,
        shape.sequences());
    List<INDArray> drawn = new ArrayList<>();
    for (int residual = 0; residual < SCALES.size(); residual++) {
      float[] factors = DropPath.factors(rate, seeds, layerConf().getLayerName(), residual);
      float[] rows = new float[shape.sequences() * shape.tokens()];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = factors[row / shape.tokens()];
      }
      drawn.add(Nd4j.createFromArray(rows).castTo(dataType).reshape(rows.length, 1));
    }
    return drawn;
  }

  private long[] ownSeeds(int sequences) {
    long pass = passes++;
    long[] seeds = new long[sequences];
    Arrays.setAll(seeds, b -> Seeds.of(conf().getSeed(), pass, b));
    return seeds;
  }
}
