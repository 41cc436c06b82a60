/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.SplittableRandom;

/**
 * What is done to the colours of a view for small sets: jitter, greyscale, blur, solarisation. The
 * SplitMask paper names them (for Cars, Clipart, Sketch and Painting) without numbers; these are
 * BYOL's (Grill et al., 2006.07733, table 6), its two views' chances of blur and solarisation
 * averaged, since here both branches see one view.
 */
final class ColourAugmentation {
  private static final double JITTER_CHANCE = 0.8;
  private static final double BRIGHTNESS = 0.4;
  private static final double CONTRAST = 0.4;
  private static final double SATURATION = 0.2;
  private static final double HUE = 0.1;
  private static final double GREY_CHANCE = 0.2;
  private static final double BLUR_CHANCE = 0.55;
  private static final double SOLARISE_CHANCE = 0.1;

  /** Pixels of standard deviation at a side of 224; smaller views are blurred as much less. */
  private static final double LEAST_BLUR = 0.1;

  private static final double MOST_BLUR = 2.0;
  private static final double BLUR_SIDE = 224;

  private ColourAugmentation() {}

  /**
   * Changes a view in place.
   *
   * @param levels [S, S, 3], RGB in [0, 255]
   * @param side S
   */
  static void apply(float[] levels, int side, SplittableRandom random) {
    if (random.nextDouble() < JITTER_CHANCE) {
      jitter(levels, random);
    }
    if (random.nextDouble() < GREY_CHANCE) {
      ColourOperations.greyscale(levels);
    }
    if (random.nextDouble() < BLUR_CHANCE) {
      double deviation = LEAST_BLUR + (MOST_BLUR - LEAST_BLUR) * random.nextDouble();
      GaussianBlur.apply(levels, side, deviation * side / BLUR_SIDE);
    }
    if (random.nextDouble() < SOLARISE_CHANCE) {
      ColourOperations.solarise(levels);
    }
  }

  /** Brightness, contrast, saturation and hue, each once, in an order of chance. */
  private static void jitter(float[] levels, SplittableRandom random) {
    float brightness = factor(BRIGHTNESS, random);
    float contrast = factor(CONTRAST, random);
    float saturation = factor(SATURATION, random);
    float turn = (float) (HUE * (2 * random.nextDouble() - 1));
    int[] order = {0, 1, 2, 3};
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    for (int operation : order) {
      switch (operation) {
        case 0 -> ColourOperations.brighten(levels, brightness);
        case 1 -> ColourOperations.contrast(levels, contrast);
        case 2 -> ColourOperations.saturate(levels, saturation);
        default -> ColourOperations.turnHue(levels, turn);
      }
    }
  }

  /** Uniform around 1. */
  private static float factor(double most, SplittableRandom random) {
    return (float) (1 + most * (2 * random.nextDouble() - 1));
  }
}
