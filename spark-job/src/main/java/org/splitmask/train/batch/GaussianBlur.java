/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/**
 * A Gaussian filter, along the rows and then along the columns; the picture is mirrored at its rim.
 */
final class GaussianBlur {
  /** Deviations to either side; beyond lies a quarter of a per cent of the weight. */
  private static final double REACH = 3;

  private GaussianBlur() {}

  /**
   * Blurs in place.
   *
   * @param levels [S, S, 3]
   * @param side S
   * @param deviation of the Gaussian, in pixels
   */
  static void apply(float[] levels, int side, double deviation) {
    float[] weights = weights(deviation, side);
    int stride = side * 3;
    float[] line = new float[stride];
    float[] columns = new float[levels.length];
    for (int y = 0; y < side; y++) {
      System.arraycopy(levels, y * stride, line, 0, stride);
      along(line, 3, side, weights, levels, y * stride);
    }
    // Rows at a time: each output row is a weighted sum of input rows.
    int reach = weights.length / 2;
    for (int y = 0; y < side; y++) {
      for (int i = -reach; i <= reach; i++) {
        int source = mirrored(y + i, side) * stride;
        float weight = weights[i + reach];
        for (int x = 0; x < stride; x++) {
          columns[y * stride + x] += weight * levels[source + x];
        }
      }
    }
    System.arraycopy(columns, 0, levels, 0, levels.length);
  }

  private static void along(
      float[] line, int step, int side, float[] weights, float[] out, int at) {
    int reach = weights.length / 2;
    for (int x = 0; x < side; x++) {
      for (int channel = 0; channel < step; channel++) {
        float sum = 0;
        for (int i = -reach; i <= reach; i++) {
          sum += weights[i + reach] * line[mirrored(x + i, side) * step + channel];
        }
        out[at + x * step + channel] = sum;
      }
    }
  }

  /** An odd number of weights that add up to 1. */
  private static float[] weights(double deviation, int side) {
    int reach = Math.min((int) Math.ceil(REACH * deviation), side - 1);
    double[] exact = new double[2 * reach + 1];
    double sum = 0;
    for (int i = -reach; i <= reach; i++) {
      exact[i + reach] = Math.exp(-0.5 * i * i / (deviation * deviation));
      sum += exact[i + reach];
    }
    float[] weights = new float[exact.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (exact[i] / sum);
    }
    return weights;
  }

  /** The rim's pixels are not repeated: −1 is 1. */
  private static int mirrored(int place, int side) {
    int inside = place < 0 ? -place : place;
    return inside >= side ? 2 * side - 2 - inside : inside;
  }
}
