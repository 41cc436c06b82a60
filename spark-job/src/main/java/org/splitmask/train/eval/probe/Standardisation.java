/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

/**
 * Brings every feature to mean 0 and deviation 1 on the images that it was fitted on. A feature
 * that is constant there says nothing, and becomes 0 everywhere.
 *
 * @param mean [D]
 * @param scale [D]; 1 / deviation, or 0
 */
@SuppressWarnings("ArrayRecordComponent")
record Standardisation(double[] mean, double[] scale) {
  /** A deviation below this share of the mean is float32's rounding. */
  private static final double ROUNDING = 1e-6;

  static Standardisation of(LabelledFeatures train) {
    int width = train.width();
    double[] mean = new double[width];
    double[] scale = new double[width];
    for (int i = 0; i < train.features().length; i++) {
      mean[i % width] += train.features()[i] / (double) train.rows();
    }
    for (int i = 0; i < train.features().length; i++) {
      double difference = train.features()[i] - mean[i % width];
      scale[i % width] += difference * difference / train.rows();
    }
    for (int j = 0; j < width; j++) {
      double deviation = Math.sqrt(scale[j]);
      scale[j] = deviation > ROUNDING * Math.abs(mean[j]) ? 1 / deviation : 0;
    }
    return new Standardisation(mean, scale);
  }

  /**
   * Some rows, standardised, with a column of ones for the intercepts.
   *
   * @param rows [K]
   * @return [K, D + 1] row-major
   */
  double[] apply(LabelledFeatures features, int[] rows) {
    int width = features.width();
    double[] standardised = new double[Math.multiplyExact(rows.length, width + 1)];
    int at = 0;
    for (int row : rows) {
      for (int j = 0; j < width; j++) {
        float feature = features.features()[row * width + j];
        standardised[at++] = (feature - mean[j]) * scale[j];
      }
      standardised[at++] = 1;
    }
    return standardised;
  }
}
