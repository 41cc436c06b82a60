/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskLosses;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.task.StepFigures;

/**
 * SplitMask's forward pass (El-Nouby et al., 2112.10740), or BEiT's (Bao et al., 2106.08254)
 * without the split. Shapes: N images of L patches, B sequences (2N or N) that see K patches each,
 * width D.
 */
final class SplitMaskForward implements TorchNetwork<SplitMaskBatch> {
  private final NetworkShape shape;
  private final Objective objective;
  private final ComputeDevice device;

  SplitMaskForward(SplitMaskTask task, ComputeDevice device) {
    this.shape = task.shape();
    this.objective = task.objective();
    this.device = device;
  }

  @Override
  public Losses losses(SplitMaskBatch batch, FlatState parameters) {
    TransformerForward network = new TransformerForward(shape, parameters, device);
    SequenceRows rows = SequenceRows.of(batch, shape.patches());
    Tensor output = output(batch, rows, network);
    Tensor inpaint = inpaint(output, rows, network);
    if (objective.branches() == Branches.ONE) {
      Tensor total = times(inpaint, objective.inpaintWeight());
      return new Losses(total, told(total, inpaint));
    }
    MatchForward match = new MatchForward(objective, device);
    MatchForward.Result matched = match.of(output.mean(1));
    Tensor total =
        times(inpaint, objective.inpaintWeight())
            .add(times(matched.loss(), objective.matchWeight()));
    return new Losses(total, told(total, inpaint, matched.loss(), matched.told()));
  }

  /** The last layer norm's output, for tests against other implementations. */
  Tensor output(SplitMaskBatch batch, FlatState parameters) {
    SequenceRows rows = SequenceRows.of(batch, shape.patches());
    return output(batch, rows, new TransformerForward(shape, parameters, device));
  }

  /** The last layer norm's output, of the decoder or without a split of the encoder, [B, L, D]. */
  private Tensor output(SplitMaskBatch batch, SequenceRows rows, TransformerForward network) {
    int width = shape.width();
    Tensor patches =
        device.from(batch.patches(), batch.images(), shape.patches(), shape.patchValues());
    Tensor positions = positions(network.parameters());
    Tensor embedded = network.linear("embedding", patches).add(positions).view(-1, width);
    Tensor seen = embedded.index_select(0, device.from(rows.imageRowsOfSeen()));
    long[] seeds = batch.seeds();
    if (objective.branches() == Branches.ONE) {
      Tensor filled = filled("encoder", seen, positions, rows, network);
      return encoded(filled, seeds, network);
    }
    Tensor encoded = encoded(seen.view(rows.sequences(), -1, width), seeds, network);
    Tensor tokens = filled("decoder", encoded.reshape(-1, width), positions, rows, network);
    for (int i = 0; i < shape.decoderDepth(); i++) {
      tokens = network.block("decoder." + i, tokens, 0, seeds);
    }
    return network.norm("decoder.norm", tokens);
  }

  private Tensor encoded(Tensor tokens, long[] seeds, TransformerForward network) {
    Tensor x = tokens;
    for (int i = 0; i < shape.depth(); i++) {
      x = network.block("encoder." + i, x, shape.dropPathOfBlock(i), seeds);
    }
    return network.norm("encoder.norm", x);
  }

  /** Tokens where patches were seen, mask embedding and position elsewhere, [B, L, D]. */
  private Tensor filled(
      String name, Tensor seen, Tensor positions, SequenceRows rows, TransformerForward network) {
    Tensor masked = positions.add(network.parameters().parameter(name + ".mask"));
    // Not by a gather of both: its gradient would add up many sequences in any order on a card.
    long rowsInAll = (long) rows.sequences() * shape.patches();
    return masked
        .expand(rows.sequences(), shape.patches(), shape.width())
        .reshape(rowsInAll, shape.width())
        .index_copy(0, device.from(rows.positionsOfSeen()), seen.to(ScalarType.Float))
        .view(rows.sequences(), shape.patches(), shape.width());
  }

  private Tensor positions(FlatState parameters) {
    return shape.positions() == Positions.LEARNED
        ? parameters.parameter("positions.table")
        : device.from(sines(), shape.patches(), shape.width());
  }

  private float[] sines() {
    double[][] table =
        PositionTableLayer.sincos(shape.gridSide(), shape.positionGrid(), shape.width());
    float[] values = new float[shape.patches() * shape.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) table[i / shape.width()][i % shape.width()];
    }
    return values;
  }

  /** Mean cross-entropy at the unseen patches, []. */
  private Tensor inpaint(Tensor output, SequenceRows rows, TransformerForward network) {
    Tensor unseen = output.reshape(-1, shape.width()).index_select(0, device.from(rows.unseen()));
    Tensor logits = network.linear("head", unseen).to(ScalarType.Float);
    return torch.cross_entropy_loss(logits, device.from(rows.tokensOfUnseen()));
  }

  private static Tensor times(Tensor tensor, double factor) {
    return tensor.mul(new Scalar(factor));
  }

  /** The figures in float64, [T]. */
  private static Tensor told(Tensor... figures) {
    try (NoGradGuard guard = new NoGradGuard()) {
      TensorVector parts = new TensorVector();
      for (Tensor figure : figures) {
        parts.push_back(figure.detach().to(ScalarType.Double).reshape(-1));
      }
      return torch.cat(parts, 0);
    }
  }

  @Override
  public StepFigures figures(double[] told) {
    SplitMaskLosses losses =
        told.length == 2
            ? new SplitMaskLosses(told[1], Double.NaN, told[0], Double.NaN, Double.NaN, Double.NaN)
            : new SplitMaskLosses(told[1], told[2], told[0], told[3], told[4], told[5]);
    return losses.figures();
  }
}
