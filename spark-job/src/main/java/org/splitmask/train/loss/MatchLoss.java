/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.loss;

import java.util.Arrays;
import org.splitmask.common.failure.Check;

/**
 * InfoNCE between the two branches (SplitMask, "match"): the other half of the same image is the
 * positive.
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
   * What one batch gave, beside the gradient.
   *
   * @param loss the mean over the 2N rows
   * @param accuracy the share of rows whose positive is the most similar candidate
   * @param deviation the standard deviation of the normalised descriptors over the batch, times √D:
   *     1 when they fill the sphere, 0 when they have collapsed
   * @param effectiveRank of the centred descriptors, as the participation ratio of their variances,
   *     (Σλ)² / Σλ²: D when all directions vary alike, 1 when one does, 0 when none
   */
  public record Result(double loss, double accuracy, double deviation, double effectiveRank) {}

  /**
   * The loss of a batch; its gradient is in the descriptors afterwards, which are normalised. By
   * cosines, not dot products: pooled norms grow during training and would act as a temperature.
   */
  public Result apply(Descriptors descriptors) {
    descriptors.normalise();
    descriptors.compare(1 / temperature);
    double[][] similarity = descriptors.similarity;
    int rows = descriptors.rows();
    double loss = 0;
    int hits = 0;
    for (int row = 0; row < rows; row++) {
      int positive = (row + rows / 2) % rows;
      double max = largest(similarity[row], row);
      hits += similarity[row][positive] >= max ? 1 : 0;
      loss += max - similarity[row][positive] + logSum(descriptors, row, max);
      descriptors.slope[row][positive] -= 1.0 / rows;
    }
    descriptors.differentiate(1 / temperature);
    return new Result(
        loss / rows, (double) hits / rows, deviation(descriptors), effectiveRank(similarity));
  }

  /**
   * log Σ exp(s − max) over the candidates; leaves their probabilities over 2N as a row of slopes.
   */
  private double logSum(Descriptors descriptors, int row, double max) {
    double[] similarity = descriptors.similarity[row];
    double[] slope = descriptors.slope[row];
    double sum = 0;
    for (int column = 0; column < slope.length; column++) {
      boolean counts = isCandidate(row, column, slope.length);
      slope[column] = counts ? Math.exp(similarity[column] - max) : 0;
      sum += slope[column];
    }
    for (int column = 0; column < slope.length; column++) {
      slope[column] /= sum * slope.length;
    }
    return Math.log(sum);
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

  /** The mean over the axes of the standard deviation along each. */
  private static double deviation(Descriptors descriptors) {
    double sum = 0;
    for (double[] axis : descriptors.transposed) {
      double mean = Arrays.stream(axis).average().orElseThrow();
      sum += Math.sqrt(Arrays.stream(axis).map(z -> (z - mean) * (z - mean)).sum() / axis.length);
    }
    return sum / descriptors.width() * Math.sqrt(descriptors.width());
  }
}
