/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.SplittableRandom;

/**
 * The part of a square picture that becomes a model input.
 *
 * @param x the first column
 * @param y the first row
 */
record CropBox(int x, int y, int width, int height, Flip flip) {
  /** Whether the crop is mirrored. */
  enum Flip {
    NONE,
    HORIZONTAL
  }

  private static final double SMALLEST_SCALE = 0.2;
  private static final double FLATTEST_ASPECT = 3.0 / 4;
  private static final int DRAWS = 10;

  /** All of the picture, as in evaluation. */
  static CropBox whole(int side) {
    return new CropBox(0, 0, side, side, Flip.NONE);
  }

  /**
   * A random resized crop (Szegedy et al., 1409.4842) of 20 to 100 % of the area with an aspect
   * between 3/4 and 4/3, mirrored half of the time. Where ten draws do not fit, all of it.
   */
  static CropBox random(int side, SplittableRandom random) {
    Flip flip = random.nextBoolean() ? Flip.HORIZONTAL : Flip.NONE;
    for (int draw = 0; draw < DRAWS; draw++) {
      double area = (SMALLEST_SCALE + (1 - SMALLEST_SCALE) * random.nextDouble()) * side * side;
      double flattest = Math.log(FLATTEST_ASPECT);
      double aspect = Math.exp(flattest - 2 * flattest * random.nextDouble());
      int width = (int) Math.round(Math.sqrt(area * aspect));
      int height = (int) Math.round(Math.sqrt(area / aspect));
      if (width >= 1 && height >= 1 && width <= side && height <= side) {
        int x = random.nextInt(side - width + 1);
        int y = random.nextInt(side - height + 1);
        return new CropBox(x, y, width, height, flip);
      }
    }
    return new CropBox(0, 0, side, side, flip);
  }
}
