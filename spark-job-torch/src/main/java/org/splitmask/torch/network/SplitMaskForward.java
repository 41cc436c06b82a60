/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.network.TransformerForward.Survivals;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.torch.tensor.Scopes;
import org.splitmask.torch.tensor.Uploads;
import org.splitmask.train.model.NetworkShape;
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
public final class SplitMaskForward implements TorchNetwork<SplitMaskBatch> {
  private final NetworkShape shape;
  private final Objective objective;
  private final Uploads uploads;
  private final PositionTable positions;

  public SplitMaskForward(SplitMaskTask task, ComputeDevice device) {
    this.shape = task.shape();
    this.objective = task.objective();
    this.uploads = Uploads.to(device);
    this.positions = new PositionTable(shape, device);
  }

  @Override
  public Tensor gradients(
      SplitMaskBatch batch, FlatState parameters, double weight, BlockChain blocks) {
    SplitMaskInputs inputs = SplitMaskInputs.of(batch, shape, uploads);
    Losses losses = blocks.forward(() -> losses(inputs, parameters, blocks));
    blocks.backward(losses.total().mul(new Scalar(weight)));
    return losses.told().mul(new Scalar(weight));
  }

  /** The losses of a mini-batch; all of them still on the device. */
  private Losses losses(SplitMaskInputs inputs, FlatState parameters, BlockChain blocks) {
    TransformerForward network = new TransformerForward(shape, parameters);
    Tensor output = output(inputs, network, blocks);
    Tensor inpaint = Scopes.freeingAllBut(() -> inpaint(output, inputs, network));
    if (objective.branches() == Branches.ONE) {
      Tensor total = times(inpaint, objective.inpaintWeight());
      return new Losses(total, told(total, inpaint));
    }
    MatchForward.Result matched = new MatchForward(objective).of(output.mean(1));
    Tensor total =
        times(inpaint, objective.inpaintWeight())
            .add(times(matched.loss(), objective.matchWeight()));
    return new Losses(total, told(total, inpaint, matched.loss(), matched.told()));
  }

  /** The last layer norm's output, for tests against other implementations. */
  public Tensor output(SplitMaskBatch batch, FlatState parameters, BlockChain blocks) {
    SplitMaskInputs inputs = SplitMaskInputs.of(batch, shape, uploads);
    return output(inputs, new TransformerForward(shape, parameters), blocks);
  }

  /** The last layer norm's output, of the decoder or without a split of the encoder, [B, L, D]. */
  private Tensor output(SplitMaskInputs inputs, TransformerForward network, BlockChain blocks) {
    int width = shape.width();
    Tensor table = positions.of(network.parameters());
    Tensor seen =
        Scopes.freeingAllBut(
            () ->
                network
                    .linear("embedding", inputs.patches())
                    .add(table)
                    .view(-1, width)
                    .index_select(0, inputs.imageRowsOfSeen()));
    if (objective.branches() == Branches.ONE) {
      Tensor filled = filled("encoder", seen, table, inputs, network);
      return encoded(filled, inputs, network, blocks);
    }
    Tensor encoded = encoded(seen.view(inputs.sequences(), -1, width), inputs, network, blocks);
    Tensor tokens = filled("decoder", encoded.reshape(-1, width), table, inputs, network);
    for (int i = 0; i < shape.decoderDepth(); i++) {
      String name = "decoder." + i;
      tokens = blocks.through(tokens, x -> network.block(name, x, Survivals.WHOLE));
    }
    return network.norm("decoder.norm", tokens);
  }

  private Tensor encoded(
      Tensor tokens, SplitMaskInputs inputs, TransformerForward network, BlockChain blocks) {
    Tensor x = tokens;
    for (int i = 0; i < shape.depth(); i++) {
      int block = i;
      Survivals survivals =
          shape.dropPathOfBlock(block) == 0
              ? Survivals.WHOLE
              : residual -> inputs.survivals(block, residual);
      String name = TransformerForward.encoderBlock(block);
      x = blocks.through(x, input -> network.block(name, input, survivals));
    }
    return network.norm("encoder.norm", x);
  }

  /** Tokens where patches were seen, mask embedding and position elsewhere, [B, L, D]. */
  private Tensor filled(
      String name, Tensor seen, Tensor table, SplitMaskInputs inputs, TransformerForward network) {
    long sequences = inputs.sequences();
    // Not by a gather of both: its gradient would add up many sequences in any order on a card.
    return Scopes.freeingAllBut(
        () ->
            table
                .add(network.parameters().parameter(name + ".mask"))
                .expand(sequences, shape.patches(), shape.width())
                .reshape(sequences * shape.patches(), shape.width())
                .index_copy(0, inputs.positionsOfSeen(), seen.to(ScalarType.Float))
                .view(sequences, shape.patches(), shape.width()));
  }

  /** Mean cross-entropy at the unseen patches, []. */
  private Tensor inpaint(Tensor output, SplitMaskInputs inputs, TransformerForward network) {
    Tensor unseen = output.reshape(-1, shape.width()).index_select(0, inputs.unseen());
    Tensor logits = network.linear("head", unseen).to(ScalarType.Float);
    return torch.cross_entropy_loss(logits, inputs.tokensOfUnseen());
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

  @Override
  public long bytesCopied() {
    return uploads.bytes();
  }

  @Override
  public void close() {
    uploads.close();
    positions.close();
  }
}
