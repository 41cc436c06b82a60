/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/**
 * Changes of colour, in place, on levels [.., 3] in [0, 255]: what torchvision's ColorJitter,
 * Grayscale and RandomSolarize do, without their rounding to whole levels.
 */
final class ColourOperations {
  private static final float BRIGHTEST = 255;
  private static final float HALF = 128;
  private static final int SECTORS = 6;

  private ColourOperations() {}

  /** level·factor. */
  static void brighten(float[] levels, float factor) {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = clamp(levels[i] * factor);
    }
  }

  /** Away from the mean grey of the picture, or towards it. */
  static void contrast(float[] levels, float factor) {
    double sum = 0;
    for (int i = 0; i < levels.length; i += 3) {
      sum += grey(levels, i);
    }
    float mean = (float) (3 * sum / levels.length);
    for (int i = 0; i < levels.length; i++) {
      levels[i] = clamp(mean + factor * (levels[i] - mean));
    }
  }

  /** Away from each pixel's own grey, or towards it. */
  static void saturate(float[] levels, float factor) {
    for (int i = 0; i < levels.length; i += 3) {
      float grey = grey(levels, i);
      for (int channel = i; channel < i + 3; channel++) {
        levels[channel] = clamp(grey + factor * (levels[channel] - grey));
      }
    }
  }

  /** All channels the pixel's grey. */
  static void greyscale(float[] levels) {
    for (int i = 0; i < levels.length; i += 3) {
      float grey = grey(levels, i);
      levels[i] = grey;
      levels[i + 1] = grey;
      levels[i + 2] = grey;
    }
  }

  /** The negative of the brighter half of the levels. */
  static void solarise(float[] levels) {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = levels[i] >= HALF ? BRIGHTEST - levels[i] : levels[i];
    }
  }

  /**
   * Turns the hue of the HSV cone; brightest and darkest channel of a pixel keep their levels.
   *
   * @param turn in whole turns, in [−1, 1]
   */
  static void turnHue(float[] levels, float turn) {
    for (int i = 0; i < levels.length; i += 3) {
      float red = levels[i];
      float green = levels[i + 1];
      float blue = levels[i + 2];
      float max = Math.max(red, Math.max(green, blue));
      float chroma = max - Math.min(red, Math.min(green, blue));
      if (chroma > 0) {
        float sector = sector(red, green, blue, max, chroma) + turn * SECTORS;
        levels[i] = fromHue(sector + 5, max, chroma);
        levels[i + 1] = fromHue(sector + 3, max, chroma);
        levels[i + 2] = fromHue(sector + 1, max, chroma);
      }
    }
  }

  /** The hue in sixths of a turn: 0 is red, 2 green, 4 blue. */
  private static float sector(float red, float green, float blue, float max, float chroma) {
    if (max == red) {
      return (green - blue) / chroma;
    }
    return max == green ? 2 + (blue - red) / chroma : 4 + (red - green) / chroma;
  }

  /** A channel at a hue, of which the brightest has {@code max} and the darkest max − chroma. */
  private static float fromHue(float shifted, float max, float chroma) {
    float k = shifted - SECTORS * (float) Math.floor(shifted / SECTORS);
    return clamp(max - chroma * Math.max(0, Math.min(1, Math.min(k, 4 - k))));
  }

  /** Luma of ITU-R BT.601. */
  private static float grey(float[] levels, int i) {
    return 0.299f * levels[i] + 0.587f * levels[i + 1] + 0.114f * levels[i + 2];
  }

  private static float clamp(float level) {
    return Math.max(0, Math.min(BRIGHTEST, level));
  }
}
