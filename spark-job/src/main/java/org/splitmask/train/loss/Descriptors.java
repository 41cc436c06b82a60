/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.loss;

import java.util.Arrays;

/**
 * One batch's descriptors and what {@link MatchLoss} computes of them, in arrays that serve step
 * after step. Double: the arrays are small, and the similarities lie close together.
 */
public final class Descriptors {
  /** [2N, D]: x, of any length; {@link MatchLoss#apply} scales each to length 1. */
  private final double[][] values;

  /** [2N, D]: the loss by x as it was given. */
  private final double[][] gradient;

  final double[] norms;
  final double[][] transposed;
  final double[][] similarity;
  final double[][] slope;

  /**
   * Room for a batch.
   *
   * @param rows 2N
   * @param width D
   */
  public Descriptors(int rows, int width) {
    this.values = new double[rows][width];
    this.gradient = new double[rows][width];
    this.norms = new double[rows];
    this.transposed = new double[width][rows];
    this.similarity = new double[rows][rows];
    this.slope = new double[rows][rows];
  }

  /** 2N. */
  public int rows() {
    return values.length;
  }

  /** D. */
  public int width() {
    return transposed.length;
  }

  /** The descriptor of a row, to be written: the A branch of every image, then the B branch. */
  public double[] row(int row) {
    return values[row];
  }

  /** The gradient of the loss by a row's descriptor. */
  public double[] gradient(int row) {
    return gradient[row];
  }

  /** Scales the descriptors to length 1, keeps how long they were, and transposes them. */
  void normalise() {
    for (int row = 0; row < rows(); row++) {
      double[] x = values[row];
      norms[row] = Math.sqrt(dot(x, x));
      for (int i = 0; i < x.length; i++) {
        x[i] /= norms[row];
        transposed[i][row] = x[i];
      }
    }
  }

  /** similarity = z·zᵀ·factor, by sums over columns: such loops become vector instructions. */
  void compare(double factor) {
    for (int row = 0; row < rows(); row++) {
      double[] sums = similarity[row];
      Arrays.fill(sums, 0);
      for (int i = 0; i < width(); i++) {
        addScaled(sums, transposed[i], values[row][i] * factor);
      }
    }
  }

  /**
   * The gradient by x of what has the {@link #slope} by the similarities: dz = (S + Sᵀ)·z·factor,
   * of which z's own direction goes nowhere.
   */
  void differentiate(double factor) {
    for (int row = 0; row < rows(); row++) {
      double[] dx = gradient[row];
      double[] z = values[row];
      Arrays.fill(dx, 0);
      for (int other = 0; other < rows(); other++) {
        double both = slope[row][other] + slope[other][row];
        if (both != 0) {
          addScaled(dx, values[other], both * factor);
        }
      }
      addScaled(dx, z, -dot(z, dx));
      for (int i = 0; i < dx.length; i++) {
        dx[i] /= norms[row];
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addScaled(double[] sums, double[] summands, double factor) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += summands[i] * factor;
    }
  }
}
