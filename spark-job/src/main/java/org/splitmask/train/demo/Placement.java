/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.util.SplittableRandom;

/**
 * Where an object stands: its middle, its size and its rotation, lengths as shares of the picture's
 * side.
 */
record Placement(double centreX, double centreY, double size, double cosine, double sine) {
  /** Draws a middle that keeps the given margin and a size between the two bounds, at any angle. */
  static Placement draw(SplittableRandom random, double margin, double smallest, double largest) {
    double angle = random.nextDouble(-0.25, 0.25);
    return new Placement(
        random.nextDouble(margin, 1 - margin),
        random.nextDouble(margin, 1 - margin),
        random.nextDouble(smallest, largest),
        StrictMath.cos(angle),
        StrictMath.sin(angle));
  }

  /** The object's own x of a point of the picture, in sizes of the object. */
  double across(double x, double y) {
    return (cosine * (x - centreX) + sine * (y - centreY)) / size;
  }

  /** The object's own y of a point of the picture, in sizes of the object. */
  double down(double x, double y) {
    return (cosine * (y - centreY) - sine * (x - centreX)) / size;
  }
}
