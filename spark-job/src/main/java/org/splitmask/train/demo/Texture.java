/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

/**
 * A two-coloured pattern without end.
 *
 * <p>Coordinates count periods of the pattern. Every pattern has ink on half of the plane, so that
 * both colours of an object weigh the same whatever its pattern is.
 */
enum Texture {
  /** Straight parallel bars. */
  STRIPES {
    @Override
    boolean isInk(double u, double v) {
      return fraction(u) < 0.5;
    }
  },

  /** A chessboard. */
  CHECKS {
    @Override
    boolean isInk(double u, double v) {
      return fraction(u) < 0.5 == fraction(v) < 0.5;
    }
  },

  /** Round dots on a square lattice. */
  DOTS {
    @Override
    boolean isInk(double u, double v) {
      double across = fraction(u) - 0.5;
      double down = fraction(v) - 0.5;
      return Math.PI * (across * across + down * down) < 0.5;
    }
  },

  /** Circles around the middle of the object. */
  RINGS {
    @Override
    boolean isInk(double u, double v) {
      return fraction(Math.sqrt(u * u + v * v)) < 0.5;
    }
  },

  /** Bars folded into a zigzag. */
  WAVES {
    @Override
    boolean isInk(double u, double v) {
      double fold = Math.abs(fraction(v / 2) - 0.5) * 2;
      return fraction(u + fold) < 0.5;
    }
  };

  /** Whether the point has the first of the two colours. */
  abstract boolean isInk(double u, double v);

  private static double fraction(double value) {
    return value - Math.floor(value);
  }
}
