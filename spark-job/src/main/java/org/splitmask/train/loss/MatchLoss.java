/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.common.failure.Check;

/**
 * InfoNCE between the two branches (SplitMask, "match"): the other half of the same image is the
 * positive. Computed in double: the arrays are small, and the similarities lie close together.
 *
 * @param temperature τ > 0, divides the cosines
 * @param negatives which other descriptors are candidates
 */
public record MatchLoss(double temperature, Negatives negatives) {
  private static final double ROUNDING = 1e-12;

  /** The candidates beside the positive. */
  public enum Negatives {
    /** The other branch of the other images. */
    OPPOSITE,
    /** Both branches of the other images. */
    BOTH
  }

  public MatchLoss {
    Check.that(temperature > 0, "match-temperature must be positive, was %s", temperature);
  }

  /**
   * What one batch gave.
   *
   * @param loss the mean over the 2N rows
   * @param accuracy the share of rows whose positive is the most similar candidate
   * @param deviation the standard deviation of the normalised descriptors over the batch, times √D:
   *     1 when they fill the sphere, 0 when they have collapsed
   * @param effectiveRank of the centred descriptors, as the participation ratio of their variances,
   *     (Σλ)² / Σλ²: D when all directions vary alike, 1 when one does, 0 when none
   * @param gradient of the loss by the descriptors, [2N, D], double
   */
  public record Result(
      double loss, double accuracy, double deviation, double effectiveRank, INDArray gradient) {}

  /**
   * The loss and its gradient.
   *
   * @param descriptors [2N, D]: the A branch of every image, then the B branch; not normalised
   */
  public Result apply(INDArray descriptors) {
    INDArray x = descriptors.castTo(DataType.DOUBLE);
    int rows = (int) x.size(0);
    // Cosine, not dot product: pooled norms grow during training and would act as a temperature.
    INDArray norms = x.norm2(true, 1);
    INDArray z = x.divColumnVector(norms);
    double[][] similarity = z.mmul(z.transpose()).divi(temperature).toDoubleMatrix();
    double[][] slope = new double[rows][rows];
    double loss = 0;
    int hits = 0;
    for (int row = 0; row < rows; row++) {
      int positive = (row + rows / 2) % rows;
      double max = largest(similarity[row], row);
      hits += similarity[row][positive] >= max ? 1 : 0;
      double sum = 0;
      for (int column = 0; column < rows; column++) {
        sum += isCandidate(row, column, rows) ? Math.exp(similarity[row][column] - max) : 0;
      }
      loss += Math.log(sum) + max - similarity[row][positive];
      for (int column = 0; column < rows; column++) {
        if (isCandidate(row, column, rows)) {
          double probability = Math.exp(similarity[row][column] - max) / sum;
          double hit = column == positive ? 1 : 0;
          slope[row][column] = (probability - hit) / rows;
        }
      }
    }
    INDArray dSimilarity = Nd4j.createFromArray(slope);
    INDArray dz = dSimilarity.add(dSimilarity.transpose()).mmul(z).divi(temperature);
    INDArray radial = z.mul(dz).sum(true, 1);
    INDArray gradient = dz.subi(z.mulColumnVector(radial)).diviColumnVector(norms);
    return new Result(
        loss / rows, (double) hits / rows, deviation(z), effectiveRank(similarity), gradient);
  }

  private double largest(double[] similarity, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int column = 0; column < similarity.length; column++) {
      if (isCandidate(row, column, similarity.length)) {
        max = Math.max(max, similarity[column]);
      }
    }
    return max;
  }

  private boolean isCandidate(int row, int column, int rows) {
    boolean sameBranch = row / (rows / 2) == column / (rows / 2);
    return row != column && (negatives == Negatives.BOTH || !sameBranch);
  }

  /**
   * Of the centred Gram matrix, whose eigenvalues other than 0 are those of the covariance: its
   * trace is their sum, its squared norm the sum of their squares. A factor does not matter.
   */
  private static double effectiveRank(double[][] gram) {
    int rows = gram.length;
    double[] means = new double[rows];
    for (int row = 0; row < rows; row++) {
      means[row] = Arrays.stream(gram[row]).sum() / rows;
    }
    double mean = Arrays.stream(means).sum() / rows;
    double trace = 0;
    double squares = 0;
    double scale = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < rows; column++) {
        double centred = gram[row][column] - means[row] - means[column] + mean;
        trace += row == column ? centred : 0;
        squares += centred * centred;
      }
      scale += gram[row][row];
    }
    // Below this all that is left of equal descriptors is rounding.
    return trace <= ROUNDING * scale ? 0 : trace * trace / squares;
  }

  private static double deviation(INDArray z) {
    return z.std(false, 0).meanNumber().doubleValue() * Math.sqrt(z.size(1));
  }
}
