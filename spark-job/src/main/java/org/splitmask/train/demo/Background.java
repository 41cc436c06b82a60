/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What lies behind the object: a gradient between two colours, and plain clutter on it. */
record Background(Colour start, Colour end, Placement direction, List<Clutter> clutter) {
  private static final double BRIGHTNESS = 125;
  private static final int LEAST_CLUTTER = 3;
  private static final int MOST_CLUTTER = 8;

  /** A plain ellipse or bar. */
  record Clutter(Placement placement, double elongation, boolean isRound, Colour colour) {
    static Clutter draw(SplittableRandom random) {
      return new Clutter(
          Placement.draw(random, 0, 0.06, 0.22),
          random.nextDouble(1, 3),
          random.nextBoolean(),
          Colour.draw(random, BRIGHTNESS));
    }

    boolean contains(double x, double y) {
      double across = placement.across(x, y) / elongation;
      double down = placement.down(x, y) * elongation;
      return isRound
          ? across * across + down * down < 0.25
          : Math.max(Math.abs(across), Math.abs(down)) < 0.5;
    }
  }

  static Background draw(SplittableRandom random) {
    Colour start = Colour.draw(random, BRIGHTNESS);
    Colour end = Colour.draw(random, BRIGHTNESS);
    Placement direction = Placement.draw(random, 0.5 - 0.1, 1, 1.5);
    List<Clutter> clutter = new ArrayList<>();
    int pieces = random.nextInt(LEAST_CLUTTER, MOST_CLUTTER + 1);
    for (int piece = 0; piece < pieces; piece++) {
      clutter.add(Clutter.draw(random));
    }

    return new Background(start, end, direction, List.copyOf(clutter));
  }

  /** The colour at a point of the picture; later clutter covers earlier. */
  Colour at(double x, double y) {
    for (int piece = clutter.size() - 1; piece >= 0; piece--) {
      if (clutter.get(piece).contains(x, y)) {
        return clutter.get(piece).colour();
      }
    }

    double share = 0.5 + direction.across(x, y);
    return start.towards(end, Math.max(0, Math.min(1, share)));
  }
}
