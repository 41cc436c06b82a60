/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation against its formula, written another way. */
class ColourAugmentationTest {
  private static final int SIDE = 12;

  @ParameterizedTest
  @ValueSource(floats = {0.6f, 1, 1.4f})
  void brightnessContrastAndSaturationAreBlends(float factor) {
    float[] levels = noise(SIDE, 1);
    double mean = 0;
    for (int i = 0; i < levels.length; i += 3) {
      mean += grey(levels, i) / (SIDE * SIDE);
    }
    float[] bright = changed(levels, x -> ColourOperations.brighten(x, factor));
    float[] contrasted = changed(levels, x -> ColourOperations.contrast(x, factor));
    float[] saturated = changed(levels, x -> ColourOperations.saturate(x, factor));
    for (int i = 0; i < levels.length; i++) {
      double grey = grey(levels, i / 3 * 3);
      assertThat((double) bright[i]).isCloseTo(blend(levels[i], 0, factor), within(1e-3));
      assertThat((double) contrasted[i]).isCloseTo(blend(levels[i], mean, factor), within(1e-3));
      assertThat((double) saturated[i]).isCloseTo(blend(levels[i], grey, factor), within(1e-3));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.5f, -0.1f, 0, 0.03f, 0.1f, 0.9f})
  void hueTurnsAsJavasOwnColourConversion(float turn) {
    float[] levels = noise(SIDE, 2);
    for (int i = 0; i < levels.length; i++) {
      levels[i] = Math.round(levels[i]);
    }
    float[] turned = changed(levels, x -> ColourOperations.turnHue(x, turn));
    float[] hsb = new float[3];
    for (int i = 0; i < levels.length; i += 3) {
      Color.RGBtoHSB((int) levels[i], (int) levels[i + 1], (int) levels[i + 2], hsb);
      Color expected = new Color(Color.HSBtoRGB(hsb[0] + turn, hsb[1], hsb[2]));
      assertThat(turned[i]).isCloseTo(expected.getRed(), within(0.51f));
      assertThat(turned[i + 1]).isCloseTo(expected.getGreen(), within(0.51f));
      assertThat(turned[i + 2]).isCloseTo(expected.getBlue(), within(0.51f));
    }
  }

  @Test
  void greyscaleAndSolarisation() {
    float[] levels = {255, 0, 0, 10, 127, 128, 200, 200, 200};
    assertThat(changed(levels, ColourOperations::greyscale))
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(76.245f, 76.245f, 76.245f, 92.131f, 92.131f, 92.131f, 200f, 200f, 200f);
    assertThat(changed(levels, ColourOperations::solarise))
        .containsExactly(0, 0, 0, 10, 127, 127, 55, 55, 55);
  }

  @ParameterizedTest
  @CsvSource({"12, 0.05", "12, 0.4", "12, 1.3", "5, 2", "2, 3", "1, 1"})
  void blurIsTheWeightedMeanOfThePlane(int side, double deviation) {
    float[] levels = noise(side, 3);
    float[] blurred = changed(levels, x -> GaussianBlur.apply(x, side, deviation));
    int reach = Math.min((int) Math.ceil(3 * deviation), side - 1);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        for (int channel = 0; channel < 3; channel++) {
          double sum = 0;
          double weights = 0;
          for (int j = -reach; j <= reach; j++) {
            for (int i = -reach; i <= reach; i++) {
              double weight = Math.exp(-(i * i + j * j) / (2 * deviation * deviation));
              int at = (reflect(y + j, side) * side + reflect(x + i, side)) * 3 + channel;
              sum += weight * levels[at];
              weights += weight;
            }
          }
          assertThat((double) blurred[(y * side + x) * 3 + channel])
              .isCloseTo(sum / weights, within(1e-3));
        }
      }
    }
  }

  /**
   * A grey picture of two halves at 224 px: jitter changes both halves' levels alike, greyscale
   * nothing, so that levels between the two tell of a blur, and how far they reach of its width.
   */
  @Test
  void blurComesAsOftenAndAsWideAsItShould() {
    int side = 224;
    int draws = 300;
    int blurred = 0;
    double widest = 0;
    for (long seed = 0; seed < draws; seed++) {
      float[] levels = new float[side * side * 3];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = i / 3 % side < side / 2 ? 60 : 80;
      }
      ColourAugmentation.apply(levels, side, new SplittableRandom(seed * 31 + 7));
      float left = levels[0];
      float right = levels[3 * (side - 1)];
      int between = 0;
      for (int x = 0; x < side; x++) {
        float share = (levels[3 * x] - left) / (right - left);
        between += share > 1e-4 && share < 1 - 1e-4 ? 1 : 0;
      }
      blurred += between > 0 ? 1 : 0;
      widest = Math.max(widest, between);
    }
    // Of deviations from 0.1 to 2 pixels, those below 0.23 leave less than 1e-4 at a neighbour.
    double expected = 0.55 * (2 - 0.23) / 1.9;
    double error = Math.sqrt(expected * (1 - expected) / draws);
    assertThat((double) blurred / draws).isCloseTo(expected, within(4 * error));
    assertThat(widest).isBetween(11.0, 12.0); // three deviations of 2 to both sides
  }

  @Test
  void jittersFactorsReachTheirBounds() {
    double darkest = 1;
    double brightest = 1;
    for (long seed = 0; seed < 3000; seed++) {
      float[] levels = {80, 80, 80};
      ColourAugmentation.apply(levels, 1, new SplittableRandom(seed));
      // Of one grey pixel contrast, saturation and hue leave the level, and 112 is not solarised.
      double factor = levels[0] / 80;
      darkest = Math.min(darkest, factor);
      brightest = Math.max(brightest, factor);
    }
    assertThat(darkest).isBetween(0.6 - 1e-6, 0.61);
    assertThat(brightest).isBetween(1.39, 1.4 + 1e-6);
  }

  @Test
  void levelsStayInTheirRangeAndASeedIsAPicture() {
    int changed = 0;
    for (long seed = 0; seed < 500; seed++) {
      float[] levels = noise(SIDE, seed);
      float[] once = augmented(levels, seed);
      assertThat(augmented(levels, seed)).isEqualTo(once);
      for (float level : once) {
        assertThat(level).isBetween(0f, 255f);
      }
      changed += Arrays.equals(once, levels) ? 0 : 1;
    }
    // No jitter, greyscale or solarisation; so small a picture is blurred by less than a rounding.
    double unchanged = 0.2 * 0.8 * 0.9;
    double error = Math.sqrt(unchanged * (1 - unchanged) / 500);
    assertThat(changed / 500.0).isCloseTo(1 - unchanged, within(4 * error));
  }

  @Test
  void greyPicturesStayGrey() {
    for (long seed = 0; seed < 100; seed++) {
      float[] levels = noise(SIDE, seed);
      ColourOperations.greyscale(levels);
      float[] augmented = augmented(levels, seed);
      for (int i = 0; i < augmented.length; i += 3) {
        assertThat(augmented[i + 1]).isCloseTo(augmented[i], within(1e-3f));
        assertThat(augmented[i + 2]).isCloseTo(augmented[i], within(1e-3f));
      }
    }
  }

  /** Greyscale alone makes colours grey, with a chance of a fifth. */
  @Test
  void oneInFiveBecomesGrey() {
    int grey = 0;
    for (long seed = 0; seed < 2000; seed++) {
      float[] levels = {200, 40, 90, 10, 250, 30, 90, 10, 160, 20, 30, 220};
      ColourAugmentation.apply(levels, 2, new SplittableRandom(seed * 977 + 5));
      grey += Math.abs(levels[0] - levels[1]) < 1e-2 ? 1 : 0;
    }
    assertThat(grey / 2000.0).isCloseTo(0.2, within(4 * Math.sqrt(0.16 / 2000)));
  }

  private static float[] augmented(float[] levels, long seed) {
    return changed(levels, x -> ColourAugmentation.apply(x, SIDE, new SplittableRandom(seed)));
  }

  private static float[] changed(float[] levels, Consumer<float[]> operation) {
    float[] copy = levels.clone();
    operation.accept(copy);
    return copy;
  }

  private static double blend(double level, double other, double factor) {
    return Math.min(255, Math.max(0, factor * level + (1 - factor) * other));
  }

  private static double grey(float[] levels, int i) {
    return 0.299 * levels[i] + 0.587 * levels[i + 1] + 0.114 * levels[i + 2];
  }

  private static int reflect(int place, int side) {
    int inside = Math.abs(place);
    return inside < side ? inside : 2 * (side - 1) - inside;
  }

  private static float[] noise(int side, long seed) {
    Random random = new Random(seed);
    float[] levels = new float[side * side * 3];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = 255 * random.nextFloat();
    }
    return levels;
  }
}
