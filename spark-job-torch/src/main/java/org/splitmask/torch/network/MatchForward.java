/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
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
public record MatchForward(Objective objective) {
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
    Tensor z = x.div(x.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true));
    long rows = z.size(0);
    Tensor row =
        torch.arange(new Scalar(rows), z.options().dtype(new ScalarTypeOptional(ScalarType.Long)));
    // For each row the other half of the same image.
    Tensor positives = row.add(new Scalar(rows / 2)).remainder(new Scalar(rows));
    Tensor similarity =
        torch
            .mm(z, z.t())
            .div(new Scalar(objective.matchTemperature()))
            .masked_fill(excluded(row, rows), new Scalar(Float.NEGATIVE_INFINITY));
    Tensor loss = torch.cross_entropy_loss(similarity, positives).to(ScalarType.Float);
    return new Result(loss, told(z, similarity, positives));
  }

  /** Which pairs are no candidates, bool [2N, 2N]. */
  private Tensor excluded(Tensor row, long rows) {
    Tensor of = objective.negatives() == Negatives.BOTH ? row : row.ge(new Scalar(rows / 2));
    return of.unsqueeze(0).eq(of.unsqueeze(1));
  }

  private static Tensor told(Tensor z, Tensor similarity, Tensor positives) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor own = similarity.detach().gather(1, positives.unsqueeze(1)).squeeze(1);
      Tensor largest = similarity.detach().amax(new long[] {1}, false);
      Tensor accuracy = own.ge(largest).to(ScalarType.Double).mean();
      Tensor all = z.detach().to(ScalarType.Double);
      long width = all.size(1);
      Tensor centred = all.sub(all.mean(new long[] {0}, true, new ScalarTypeOptional()));
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
