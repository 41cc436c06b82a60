/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up rows: every class is a cloud around a centre of its own. */
public final class Rows {
  private Rows() {}

  /**
   * Two splits of the same clouds.
   *
   * @param width D
   * @param spread the clouds' deviation, where that of the centres is 1
   */
  static LabelledSplits clouds(int train, int test, int width, int classes, double spread) {
    Random random = new Random(7);
    double[][] centres = new double[classes][width];
    for (double[] centre : centres) {
      for (int j = 0; j < width; j++) {
        centre[j] = random.nextGaussian();
      }
    }
    return LabelledSplits.of(
        cloud(train, centres, spread, random), cloud(test, centres, spread, random));
  }

  /** Rows of clouds around centres that the seed draws. */
  public static List<FeatureRow> rows(int count, int width, int classes, long seed) {
    Random random = new Random(seed);
    double[][] centres = new double[classes][width];
    for (double[] centre : centres) {
      centre[0] = random.nextGaussian();
    }
    return cloud(count, centres, 1, random);
  }

  private static List<FeatureRow> cloud(
      int rows, double[][] centres, double spread, Random random) {
    List<FeatureRow> cloud = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] centre = centres[i % centres.length];
      float[] features = new float[centre.length];
      for (int j = 0; j < features.length; j++) {
        features[j] = (float) (centre[j] + spread * random.nextGaussian());
      }
      cloud.add(row("image" + (100_000 + i), "class" + i % centres.length, features));
    }
    return cloud;
  }

  public static FeatureRow row(String imageId, String label, float... features) {
    return new FeatureRow(imageId, label, features);
  }
}
