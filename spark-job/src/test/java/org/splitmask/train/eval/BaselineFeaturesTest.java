/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;

class BaselineFeaturesTest {
  @ParameterizedTest
  @CsvSource({"64, 8, 3", "16, 4, 3", "40, 10, 1", "36, 6, 3", "10, 5, 4", "80, 8, 2"})
  void smallPictureIsTheMeanOverAreas(int size, int patch, int channels) {
    PatchShape shape = new PatchShape(size, patch, channels);
    byte[] pixels = noise(shape);

    float[] small = BaselineFeatures.pixels(Patchifier.cut(pixels, shape), shape);

    assertThat(small).hasSize(16 * 16 * channels);
    for (int i = 0; i < small.length; i++) {
      int cell = i / channels;
      double mean = slowMean(pixels, shape, cell / 16, cell % 16, i % channels);
      assertThat(small[i]).as("value %d", i).isCloseTo((float) mean, within(1e-6f));
    }
  }

  @Test
  void histogramHoldsTheShareOfEveryColour() {
    PatchShape shape = new PatchShape(2, 1, 3);
    byte[] pixels = {0, 0, 0, 31, 31, 31, 32, 0, 0, (byte) 255, (byte) 200, 64};

    float[] shares = BaselineFeatures.histogram(Patchifier.cut(pixels, shape), shape);

    float[] expected = new float[512];
    expected[0] = 0.5f;
    expected[64] = 0.25f;
    expected[7 * 64 + 6 * 8 + 2] = 0.25f;
    assertThat(shares).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "2, 64", "3, 512", "4, 4096"})
  void histogramSumsToOneForAnyChannels(int channels, int bins) {
    PatchShape shape = new PatchShape(24, 4, channels);

    float[] shares = BaselineFeatures.histogram(noise(shape), shape);

    double sum = 0;
    for (float share : shares) {
      sum += share;
    }
    assertThat(shares).hasSize(bins);
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  /** Every pixel becomes 16×16 equal ones, and a cell the plain mean of S×S of these. */
  private static double slowMean(
      byte[] pixels, PatchShape shape, int row, int column, int channel) {
    int size = shape.imageSize();
    double sum = 0;
    for (int y = row * size; y < (row + 1) * size; y++) {
      for (int x = column * size; x < (column + 1) * size; x++) {
        int at = ((y / 16) * size + x / 16) * shape.channels() + channel;
        sum += (pixels[at] & 0xff) / 255.0;
      }
    }
    return sum / (size * size);
  }

  private static byte[] noise(PatchShape shape) {
    byte[] pixels = new byte[shape.bytes()];
    new Random(shape.bytes()).nextBytes(pixels);
    return pixels;
  }
}
