/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.AttentionShape;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.random.Seeds;

/** Computes {@link TransformerBlockLayer}. R = B·T rows. */
final class TransformerBlock extends VisionLayerImplementation<TransformerBlockLayer> {
  private static final long serialVersionUID = 1L;
  private static final List<String> SCALES = List.of("scale1", "scale2");
  private static final List<String> SURVIVALS = List.of("survival1", "survival2");

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
  protected INDArray forward(INDArray x) {
    INDArray rows = LinearLayer.matrix(x);
    AttentionShape shape = shape(x);
    survivals = drawSurvivals(shape);
    long count = rows.size(0);
    int width = shape.width();
    int hidden = layerConf().hidden();

    INDArray normalised = norm("norm1", rows);
    INDArray qkv = linear("attention.qkv", normalised, null, buffer("qkv", count, 3L * width));
    INDArray context = buffer("context", count, width);
    kernels().attention(qkv, shape, probabilities(shape), context);
    INDArray middle =
        branch(0, "attention.projection", context, rows, buffer("middle", count, width));

    INDArray normalisedAgain = norm("norm2", middle);
    INDArray activated = buffer("activated", count, hidden);
    kernels()
        .linearGelu(
            normalisedAgain,
            parameter("mlp.hidden.weight"),
            parameter("mlp.hidden.bias"),
            buffer("hidden", count, hidden),
            activated);
    INDArray y = buffer("output", x.shape());
    branch(1, "mlp.output", activated, middle, LinearLayer.matrix(y));
    return y;
  }

  @Override
  protected INDArray backward(INDArray epsilon) {
    INDArray dOut = LinearLayer.matrix(epsilon);
    AttentionShape shape = shape(epsilon);
    long count = dOut.size(0);
    int width = shape.width();
    int hidden = layerConf().hidden();
    INDArray middle = buffer("middle", count, width);

    INDArray dHidden = temporary("d-hidden", count, hidden);
    INDArray branch = beforeFinish(1, dOut);
    INDArray activated = buffer("activated", count, hidden);
    linearBackward("mlp.output", activated, buffer("hidden", count, hidden), branch, dHidden);
    INDArray dNormalised = temporary("d-normalised", count, width);
    linearBackward("mlp.hidden", normOutput("norm2", count, width), null, dHidden, dNormalised);
    INDArray dMiddle = temporary("d-middle", count, width);
    normBackward("norm2", middle, dNormalised, dOut, dMiddle);

    INDArray dContext = temporary("d-context", count, width);
    branch = beforeFinish(0, dMiddle);
    linearBackward("attention.projection", buffer("context", count, width), null, branch, dContext);
    INDArray dQkv = temporary("d-qkv", count, 3L * width);
    INDArray qkv = buffer("qkv", count, 3L * width);
    kernels().attentionBackward(qkv, shape, probabilities(shape), dContext, dQkv);
    linearBackward("attention.qkv", normOutput("norm1", count, width), null, dQkv, dNormalised);
    // Perhaps epsilon itself, from the block above: nobody needs it any more.
    INDArray below = temporary("input-gradient", epsilon.shape());
    normBackward(
        "norm1", LinearLayer.matrix(input), dNormalised, dMiddle, LinearLayer.matrix(below));
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
            buffer(name + ".mean", rows.size(0)),
            buffer(name + ".variance", rows.size(0)));
    return y;
  }

  private void normBackward(String name, INDArray x, INDArray dy, INDArray residual, INDArray dx) {
    kernels()
        .layerNormBackward(
            x,
            dy,
            parameter(name + ".weight"),
            buffer(name + ".mean", dy.size(0)),
            buffer(name + ".variance", dy.size(0)),
            LayerNormLayer.EPSILON,
            residual,
            dx,
            gradient(name + ".weight"),
            gradient(name + ".bias"));
  }

  private INDArray linear(String name, INDArray x, @Nullable INDArray residual, INDArray y) {
    kernels().linear(x, parameter(name + ".weight"), parameter(name + ".bias"), residual, y);
    return y;
  }

  private void linearBackward(
      String name, INDArray x, @Nullable INDArray hidden, INDArray dy, INDArray dx) {
    kernels()
        .linearBackward(
            x,
            hidden,
            parameter(name + ".weight"),
            dy,
            dx,
            gradient(name + ".weight"),
            gradient(name + ".bias"));
  }

  /** A residual branch's last map, added to what it branched off from. */
  private INDArray branch(int residual, String name, INDArray x, INDArray trunk, INDArray y) {
    if (!layerConf().isScaled() && survivals.isEmpty()) {
      return linear(name, x, trunk, y);
    }
    finishBranch(residual, linear(name, x, null, y));
    return y.addi(trunk);
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
      try (INDArray sum = branch.muli(dBranch).sum(0)) {
        gradient(name).assign(sum);
      }
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
      double[] rows = new double[shape.sequences() * shape.tokens()];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = factors[row / shape.tokens()];
      }
      INDArray survival = buffer(SURVIVALS.get(residual), rows.length, 1);
      NativeMemory.copy(rows, survival, 0);
      drawn.add(survival);
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
