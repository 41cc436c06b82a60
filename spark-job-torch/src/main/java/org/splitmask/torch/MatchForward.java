/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.splitmask.Objective;

/**
 * InfoNCE between the two branches ({@link org.splitmask.train.loss.MatchLoss}), and what tells of
 * a collapse, in float64.
 */
record MatchForward(Objective objective, ComputeDevice device) {
  private static final double ROUNDING = 1e-12;

  /**
   * What a batch's descriptors came to.
   *
   * @param loss []
   * @param told accuracy, deviation and effective rank in float64, [3]
   */
  record Result(Tensor loss, Tensor told) {}

  /**
   * The loss of descriptors.
   *
   * @param pooled [2N, D], the A branch of every image and then the B branch
   */
  Result of(Tensor pooled) {
    // In float64, as MatchLoss: similarities lie close together, and nothing rounds doubles to
    // bfloat16.
    Tensor x = pooled.to(ScalarType.Double);
    Tensor z =
        x.div(x.norm(new org.bytedeco.pytorch.ScalarOptional(new Scalar(2)), new long[] {1}, true));
    Tensor similarity =
        torch
            .mm(z, z.t())
            .div(new Scalar(objective.matchTemperature()))
            .masked_fill(excluded((int) z.size(0)), new Scalar(Float.NEGATIVE_INFINITY));
    Tensor positives = device.from(positives((int) z.size(0)));
    Tensor loss = torch.cross_entropy_loss(similarity, positives).to(ScalarType.Float);
    return new Result(loss, told(z, similarity, positives));
  }

  /** For each row the other half of the same image. */
  private static long[] positives(int rows) {
    long[] positives = new long[rows];
    Arrays.setAll(positives, row -> (row + rows / 2L) % rows);
    return positives;
  }

  /** Which pairs are no candidates, [2N, 2N]. */
  private Tensor excluded(int rows) {
    float[] excluded = new float[rows * rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < rows; column++) {
        boolean sameBranch = row / (rows / 2) == column / (rows / 2);
        boolean counts = row != column && (objective.negatives() == Negatives.BOTH || !sameBranch);
        excluded[row * rows + column] = counts ? 0 : 1;
      }
    }
    return device.from(excluded, rows, rows).to(ScalarType.Bool);
  }

  private static Tensor told(Tensor z, Tensor similarity, Tensor positives) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor own = similarity.detach().gather(1, positives.unsqueeze(1)).squeeze(1);
      Tensor largest = similarity.detach().amax(new long[] {1}, false);
      Tensor accuracy = own.ge(largest).to(ScalarType.Double).mean();
      Tensor all = z.detach().to(ScalarType.Double);
      long width = all.size(1);
      Tensor centred =
          all.sub(all.mean(new long[] {0}, true, new org.bytedeco.pytorch.ScalarTypeOptional()));
      Tensor deviation = centred.square().mean(0).sqrt().mean().mul(new Scalar(Math.sqrt(width)));
      Tensor gram = torch.mm(centred, centred.t());
      Tensor trace = gram.trace();
      Tensor rank = trace.square().div(gram.square().sum());
      Tensor isSpread = trace.gt(new Scalar(ROUNDING * all.size(0)));
      Tensor effective = torch.where(isSpread, rank, torch.zeros_like(rank));
      return torch.stack(new TensorVector(accuracy, deviation, effective));
    }
  }
}
