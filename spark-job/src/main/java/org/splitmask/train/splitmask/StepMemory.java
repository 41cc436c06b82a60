/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.stream.IntStream;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.splitmask.Objective.Branches;

/**
 * The memory outside of the heap that one worker's steps use, before any of it is there: the
 * buffers of a float32 network, which live as long as it does. What is left out are scratch arrays
 * of threads (a few hundred kilobytes) and what libraries keep for themselves.
 *
 * @param images N, of the largest mini-batch
 * @param kept K, the patches that a branch sees
 */
public record StepMemory(NetworkShape shape, Objective objective, int images, int kept) {
  /** The buffers, parameters and their gradients. */
  public long bytes(long parameters) {
    return bufferBytes() + 2 * Float.BYTES * parameters;
  }

  /** The activations that backward passes need, and the gradients on their way down. */
  long bufferBytes() {
    long patches = (long) images * shape.patches();
    long sequences = isSplit() ? 2L * images : images;
    long seen = sequences * kept;
    long all = sequences * shape.patches();
    long width = shape.width();
    long table = shape.patches() * width;

    long floats = patches * (shape.patchValues() + width); // patches, their embedding
    floats += seen * width + patches * width + table; // the split, and its gradients
    floats += table + all * width + seen * width + table; // masked tokens, and theirs
    floats += shape.positions() == Positions.SINCOS ? table : 0;
    if (isSplit()) {
      floats += shape.depth() * block(seen, kept) + norm(seen);
      floats += shape.decoderDepth() * block(all, shape.patches()) + norm(all);
    } else {
      floats += shape.depth() * block(all, shape.patches()) + norm(all);
    }
    floats += survivals() * (isSplit() ? seen : all);
    floats += head(sequences, all) + shared(all, isSplit() ? seen : all, all - seen);
    long indices = seen + all; // what is seen, and the labels
    return Float.BYTES * floats + Integer.BYTES * indices;
  }

  /** Factors that drop path draws for each row: two in each block that drops something. */
  private long survivals() {
    return 2 * IntStream.range(0, shape.depth()).filter(i -> shape.dropPathOfBlock(i) > 0).count();
  }

  private boolean isSplit() {
    return objective.branches() == Branches.TWO;
  }

  /** Rows of so many tokens each: two norms, qkv, context, middle, MLP, output, probabilities. */
  private long block(long rows, long tokens) {
    long scaled = shape.layerScale() > 0 ? 2L * shape.width() : 0;
    return rows * (8L * shape.width() + 2L * shape.hidden() + 4 + shape.heads() * tokens + scaled);
  }

  private long norm(long rows) {
    return rows * (shape.width() + 2);
  }

  /** The unseen tokens, their logits, the gradient of the input, and descriptors. */
  private long head(long sequences, long all) {
    long unseen = all - sequences * kept;
    long pooled = isSplit() ? sequences * shape.width() : 0;
    return unseen * (shape.width() + objective.vocabulary()) + all * shape.width() + pooled;
  }

  /** Gradients inside of a block, which all blocks share, and that of the unseen tokens. */
  private long shared(long rows, long encoderRows, long unseen) {
    long dropped = shape.dropPath() > 0 ? encoderRows : 0; // the decoder drops nothing
    long branches = shape.layerScale() > 0 ? rows : dropped;
    return rows * (7L * shape.width() + shape.hidden()) + (branches + unseen) * shape.width();
  }
}
