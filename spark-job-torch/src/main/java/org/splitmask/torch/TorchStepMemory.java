/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.stream.IntStream;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskTask;

/**
 * The memory of the device that steps need, before any of it is there: what autograd keeps of a
 * forward pass, what a backward pass needs beside it, and the vectors of the state. Bytes. Fitted
 * to what vit-tiny took on processors (docs/gpu.md), and compared with nothing else.
 *
 * @param kept K, the patches that a branch sees
 * @param parameters P
 * @param bytesOfProduct of a scalar that goes into matrix products or comes out of them
 * @param recomputes whether blocks keep their inputs alone
 */
record TorchStepMemory(
    NetworkShape shape,
    Objective objective,
    int kept,
    long parameters,
    int bytesOfProduct,
    boolean recomputes) {
  /** θ, its gradient, m, v, the decays, the rates, and what an update computes in between. */
  private static final int VECTORS = 8;

  /** As many matrices of logits' size as a backward pass holds at once. */
  private static final int LOGITS = 4;

  /** What allocators lose between tensors: a tenth, measured with glibc's. */
  private static final double LOSS = 1.1;

  static TorchStepMemory of(SplitMaskTask task, Precision precision, boolean recomputes) {
    return new TorchStepMemory(
        task.shape(),
        task.objective(),
        task.batches().splitter().kept(),
        task.layout().length(),
        precision == Precision.BF16 ? 2 : Float.BYTES,
        recomputes);
  }

  /** All of it, with mini-batches of so many images. */
  long bytes(int images) {
    return fixedBytes() + images * imageBytes();
  }

  /** What is there whatever the mini-batch: the state, and weights in the precision of products. */
  long fixedBytes() {
    long casts = bytesOfProduct < Float.BYTES ? bytesOfProduct * parameters : 0;
    return VECTORS * Float.BYTES * parameters + casts;
  }

  /** Of each image of a mini-batch. */
  long imageBytes() {
    long branches = objective.branches() == Branches.TWO ? 2 : 1;
    long all = branches * shape.patches();
    long unseen = all - branches * kept;
    long seen = branches == 2 ? 2L * kept : all;
    long decoderBlocks = branches == 2 ? shape.decoderDepth() : 0;
    long width = shape.width();

    long input = (long) Float.BYTES * shape.patches() * (shape.patchValues() + width);
    long blocks;
    if (recomputes) {
      blocks = Float.BYTES * width * (shape.depth() * seen + decoderBlocks * all);
      blocks += Math.max(seen, decoderBlocks > 0 ? all : 0) * (rowBytes() + passingBytes());
    } else {
      blocks = rowBytes() * (shape.depth() * seen + decoderBlocks * all);
      blocks += Math.max(seen, decoderBlocks > 0 ? all : 0) * passingBytes();
    }
    long tokens = Float.BYTES * width * (3 * all + seen); // filled in, normalised, and gradients
    long head =
        unseen
            * ((long) LOGITS * Float.BYTES * objective.vocabulary()
                + (long) bytesOfProduct * width);
    // The gradient has gone through the head when blocks are at their largest, and the reverse.
    return (long)
        (LOSS * (input + tokens + Math.max(blocks, blocksKept(seen, decoderBlocks * all) + head)));
  }

  /** What is there of the blocks when the head is at its largest. */
  private long blocksKept(long seen, long decoderRows) {
    long ofRow = recomputes ? (long) Float.BYTES * shape.width() : rowBytes();
    return ofRow * (shape.depth() * seen + decoderRows);
  }

  /**
   * What a block keeps of a token: its input and the sum in the middle in float32; both norms, q,
   * k, v, the context twice, and the MLP's hidden values before and after GELU for products.
   */
  private long rowBytes() {
    long width = shape.width();
    long scaled = shape.layerScale() > 0 ? 2 * width : 0;
    return 2 * Float.BYTES * width
        + (7 * width + 2L * shape.hidden() + scaled) * bytesOfProduct
        + (drops() ? 8 : 0);
  }

  private boolean drops() {
    return IntStream.range(0, shape.depth()).anyMatch(i -> shape.dropPathOfBlock(i) > 0);
  }

  /** Gradients of one block on their way down. */
  private long passingBytes() {
    return (4L * shape.width() + 2L * shape.hidden()) * Float.BYTES;
  }
}
