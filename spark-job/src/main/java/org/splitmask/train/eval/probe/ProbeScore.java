/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.OptionalDouble;

/**
 * How a probe did on the test split.
 *
 * @param correct test images whose class it named
 * @param images test images
 * @param l2 the strength that cross-validation chose, where the probe has one
 */
public record ProbeScore(int correct, int images, OptionalDouble l2) {
  static ProbeScore of(int[] predicted, int[] labels, OptionalDouble l2) {
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      if (predicted[i] == labels[i]) {
        correct++;
      }
    }
    return new ProbeScore(correct, labels.length, l2);
  }

  /** p: the share of the test images that it got right, 0 to 1. */
  public double accuracy() {
    return (double) correct / images;
  }

  /** √(p(1 - p)/n): how far another test split of this size would typically land. */
  public double standardError() {
    return Math.sqrt(accuracy() * (1 - accuracy()) / images);
  }
}
