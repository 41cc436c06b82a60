/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.splitmask.Objective.Branches;

class StepArithmeticTest {
  private static final NetworkShape SHAPE =
      NetworkShape.plain(4, 12, 8, 2, 2, 32, 1, Positions.SINCOS);

  /** Products counted one by one: rows times inputs times outputs, two operations each. */
  @Test
  void countsTheProductsOfBothBranches() {
    double encoder = 2 * 2 * block(2 * 3 * 8, 8); // 3 images, two branches of 8 patches, two blocks
    double decoder = 2 * block(2 * 3 * 16, 16);
    double head = 2.0 * (2 * 3 * 8) * 8 * 50;
    double embedding = 2.0 * (3 * 16) * 12 * 8;
    Objective objective = new Objective(Branches.TWO, 50, 1, 1, 0.2, Negatives.OPPOSITE);
    assertThat(new StepArithmetic(SHAPE, objective, 3, 8).operations())
        .isCloseTo(3 * (encoder + decoder + head) + 2 * embedding, within(1e-6));
  }

  @Test
  void withoutASplitThereIsOneBranchAndNoDecoder() {
    double encoder = 2 * 2 * block(3 * 16, 16);
    double head = 2.0 * (3 * 6) * 8 * 50;
    double embedding = 2.0 * (3 * 16) * 12 * 8;
    Objective objective = new Objective(Branches.ONE, 50, 1, 0, 0.2, Negatives.OPPOSITE);
    assertThat(new StepArithmetic(SHAPE, objective, 3, 10).operations())
        .isCloseTo(3 * (encoder + head) + 2 * embedding, within(1e-6));
  }

  /** Multiplications of qkv, projection, MLP, and queries with keys and weights with values. */
  private static double block(double rows, double tokens) {
    return rows * 8 * 24 + rows * 8 * 8 + 2 * rows * 8 * 32 + 2 * rows * tokens * 8;
  }
}
