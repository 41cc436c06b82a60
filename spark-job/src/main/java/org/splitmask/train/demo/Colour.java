/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.util.SplittableRandom;

/** A colour with its three channels from 0 to 255. */
record Colour(double red, double green, double blue) {
  private static final double SPREAD = 20;

  // Little colour: by its hue alone one half of a picture would be matched with the other.
  private static final double TINT = 5;

  /** Draws a tinted grey around the given brightness. */
  static Colour draw(SplittableRandom random, double brightness) {
    double grey = random.nextDouble(brightness - SPREAD, brightness + SPREAD);
    return new Colour(
        random.nextDouble(grey - TINT, grey + TINT),
        random.nextDouble(grey - TINT, grey + TINT),
        random.nextDouble(grey - TINT, grey + TINT));
  }

  /** The point at the given share of the way from this colour to the other. */
  Colour towards(Colour other, double share) {
    return new Colour(
        red + share * (other.red - red),
        green + share * (other.green - green),
        blue + share * (other.blue - blue));
  }
}
