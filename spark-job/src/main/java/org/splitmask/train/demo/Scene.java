/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.util.SplittableRandom;

/**
 * One picture before it has pixels: a textured object on a background under a light.
 *
 * <p>Points are given as shares of the picture's side, (0, 0) at the top left.
 */
record Scene(
    DemoClass label,
    Placement outline,
    Placement pattern,
    Colour ink,
    Colour paper,
    Background background,
    Light light) {
  private static final double INK = 55;
  private static final double PAPER = 195;

  /**
   * Brightness along a direction: 1 in the middle of the picture, more on one side than the other.
   */
  record Light(double slopeX, double slopeY) {
    static Light draw(SplittableRandom random) {
      double angle = random.nextDouble(2 * Math.PI);
      double slope = random.nextDouble(0.6);
      return new Light(slope * StrictMath.cos(angle), slope * StrictMath.sin(angle));
    }

    double at(double x, double y) {
      return 1 + slopeX * (x - 0.5) + slopeY * (y - 0.5);
    }
  }

  static Scene draw(DemoClass label, SplittableRandom random) {
    Placement outline = Placement.draw(random, 0.42, 0.65, 0.85);
    Placement free = Placement.draw(random, 0, 0.2, 0.28);
    Placement pattern =
        new Placement(
            outline.centreX(), outline.centreY(), free.size(), free.cosine(), free.sine());
    Colour ink = Colour.draw(random, INK);
    Colour paper = Colour.draw(random, PAPER);
    return new Scene(
        label, outline, pattern, ink, paper, Background.draw(random), Light.draw(random));
  }

  /** The colour at a point of the picture, before noise. */
  Colour at(double x, double y) {
    if (!label.shape().contains(outline.across(x, y), outline.down(x, y))) {
      return background.at(x, y);
    }

    boolean isInk = label.texture().isInk(pattern.across(x, y), pattern.down(x, y));
    return isInk ? ink : paper;
  }
}
