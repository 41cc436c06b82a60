/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

/**
 * The outline of an object, as the set of points inside it.
 *
 * <p>Coordinates are the object's own: x to the right and y down, the origin in the middle. Every
 * outline encloses the area 1, so that no class covers more of a picture than another.
 */
enum Shape {
  /** A filled circle. */
  DISC {
    @Override
    boolean contains(double x, double y) {
      return Math.PI * (x * x + y * y) < 1;
    }
  },

  /** A plus sign with arms as long as they are wide. */
  CROSS {
    // Five squares of side a: 5a² = 1.
    private static final double ARM = 0.4472135954999579;

    @Override
    boolean contains(double x, double y) {
      double across = Math.abs(x);
      double down = Math.abs(y);
      return Math.min(across, down) < ARM / 2 && Math.max(across, down) < 1.5 * ARM;
    }
  };

  /** Whether the point lies inside the outline. */
  abstract boolean contains(double x, double y);
}
