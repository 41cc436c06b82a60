/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.loss.Descriptors;
import org.splitmask.train.loss.MatchLoss;
import org.splitmask.train.model.LinearLayer;
import org.splitmask.train.model.LossLayerImplementation;
import org.splitmask.train.model.VisiblePatches;

/** Computes {@link SplitMaskOutputLayer}: losses and gradients in one backward pass. */
final class SplitMaskOutput extends LossLayerImplementation<SplitMaskOutputLayer> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable Descriptors descriptors;
  private transient SplitMaskLosses losses = SplitMaskLosses.NONE;

  SplitMaskOutput(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** The losses of the last backward pass. */
  SplitMaskLosses losses() {
    return losses;
  }

  /** The logits at the unseen positions of the last input, [B·(L − K), V]. */
  @Override
  protected INDArray forward(INDArray decoded) {
    return logits(decoded, Targets.of(labels()));
  }

  @Override
  protected INDArray backward(INDArray ignored) {
    Targets targets = Targets.of(labels());
    INDArray below = buffer("input-gradient", input.shape()).assign(0);
    double inpaint = inpaint(targets, below);
    losses =
        layerConf().match().map(match -> matched(inpaint, match, below)).orElse(alone(inpaint));
    return below;
  }

  private SplitMaskLosses alone(double inpaint) {
    double total = layerConf().inpaintWeight() * inpaint;
    return new SplitMaskLosses(inpaint, Double.NaN, total, Double.NaN, Double.NaN, Double.NaN);
  }

  private SplitMaskLosses matched(double inpaint, MatchLoss loss, INDArray below) {
    MatchLoss.Result match = match(loss, below);
    double total = layerConf().inpaintWeight() * inpaint + layerConf().matchWeight() * match.loss();
    return new SplitMaskLosses(
        inpaint, match.loss(), total, match.accuracy(), match.deviation(), match.effectiveRank());
  }

  /** Mean softmax cross-entropy over all (branch, image, unseen position). */
  private double inpaint(Targets targets, INDArray below) {
    INDArray logits = logits(input, targets);
    int count = targets.rows().length;
    double scale = layerConf().inpaintWeight() / count;
    double loss = kernels().softmaxCrossEntropy(logits, targets.tokens(), scale) / count;
    INDArray unseen = buffer("unseen", count, input.size(2));
    INDArray dUnseen = temporary("d-unseen", count, input.size(2));
    kernels()
        .linearBackward(
            unseen,
            null,
            parameter("weight"),
            logits,
            dUnseen,
            gradient("weight"),
            gradient("bias"));
    int[] all = VisiblePatches.counting(count);
    kernels().copyRows(dUnseen, all, LinearLayer.matrix(below), targets.rows());
    return loss;
  }

  private INDArray logits(INDArray decoded, Targets targets) {
    int count = targets.rows().length;
    INDArray unseen = buffer("unseen", count, decoded.size(2));
    int[] all = VisiblePatches.counting(count);
    kernels().copyRows(LinearLayer.matrix(decoded), targets.rows(), unseen, all);
    INDArray logits = buffer("logits", count, layerConf().vocabulary());
    kernels().linear(unseen, parameter("weight"), parameter("bias"), null, logits);
    return logits;
  }

  /**
   * InfoNCE of the mean over all L decoder outputs of a branch; adds its gradient to all of them.
   */
  private MatchLoss.Result match(MatchLoss loss, INDArray below) {
    int sequences = (int) input.size(0);
    int patches = (int) input.size(1);
    INDArray pooled = buffer("pooled", sequences, input.size(2));
    kernels().tokenSums(input, pooled);
    Descriptors batch = descriptors(sequences, (int) input.size(2));
    for (int b = 0; b < sequences; b++) {
      NativeMemory.copy(pooled, b * batch.width(), batch.row(b));
      scale(batch.row(b), 1.0 / patches);
    }
    MatchLoss.Result match = loss.apply(batch);
    for (int b = 0; b < sequences; b++) {
      scale(batch.gradient(b), layerConf().matchWeight() / patches);
      NativeMemory.copy(batch.gradient(b), pooled, b * batch.width());
    }
    int[] rows = VisiblePatches.counting(sequences * patches);
    int[] sequenceOfRow = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      sequenceOfRow[i] = i / patches;
    }
    kernels().addRows(pooled, sequenceOfRow, LinearLayer.matrix(below), rows);
    return match;
  }

  /** Room for them, used again while batches are of one size. */
  private Descriptors descriptors(int rows, int width) {
    Descriptors room = descriptors;
    if (room == null || room.rows() != rows || room.width() != width) {
      room = new Descriptors(rows, width);
      descriptors = room;
    }
    return room;
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  /** The rows of [B·L] that are to be inpainted, and with what. */
  private record Targets(int[] rows, int[] tokens) {
    static Targets of(INDArray labels) {
      int[] all = new int[(int) labels.length()];
      NativeMemory.copy(labels, 0, all);
      int count = 0;
      for (int token : all) {
        count += token >= 0 ? 1 : 0;
      }
      int[] rows = new int[count];
      int[] tokens = new int[count];
      for (int row = 0, i = 0; row < all.length; row++) {
        if (all[row] >= 0) {
          rows[i] = row;
          tokens[i++] = all[row];
        }
      }
      return new Targets(rows, tokens);
    }
  }

  @Override
  protected double loss() {
    return losses.total();
  }

  @Override
  protected int outputs() {
    return layerConf().vocabulary();
  }
}
