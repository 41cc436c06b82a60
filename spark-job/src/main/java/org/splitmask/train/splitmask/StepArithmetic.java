/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.Objective.Branches;

/**
 * The floating-point operations of the matrix products of one step, a product and a sum counted as
 * two; backward passes are twice as many as forward ones. All else is left out.
 *
 * @param images N
 * @param kept K, the patches that a branch sees
 */
public record StepArithmetic(NetworkShape shape, Objective objective, int images, int kept) {
  /** Forward and backward. */
  public double operations() {
    double patches = (double) images * shape.patches();
    double embedding = 2 * patches * shape.patchValues() * shape.width();
    double sequences = images * (objective.branches() == Branches.TWO ? 2.0 : 1.0);
    double blocks;
    if (objective.branches() == Branches.TWO) {
      blocks = shape.depth() * block(sequences, kept);
      blocks += shape.decoderDepth() * block(sequences, shape.patches());
    } else {
      blocks = shape.depth() * block(sequences, shape.patches());
    }
    double targets = sequences * (shape.patches() - kept);
    double head = 2 * targets * shape.width() * objective.vocabulary();
    return 2 * embedding + 3 * (blocks + head); // nothing goes on below the embedding
  }

  /** A block's forward pass over sequences of so many tokens. */
  private double block(double sequences, double tokens) {
    double width = shape.width();
    double rows = sequences * tokens;
    double projections = 2 * rows * width * 4 * width;
    double mlp = 2 * 2 * rows * width * shape.hidden();
    double attention = 2 * 2 * sequences * tokens * tokens * width;
    return projections + mlp + attention;
  }
}
