/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.resample.BicubicWeights;
import org.splitmask.common.resample.Resampler;

/** The fast resize against the slow one of {@link Resampler}. */
class SquareResizerTest {
  private static final int CHANNELS = 3;

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "400,224",
    "64,16",
    "533,32",
    "97,96",
    "31,17",
    "2000,16", // down
    "16,64",
    "5,48",
    "63,224",
    "2,31", // up
    "64,64",
    "17,17",
    "1,1", // as it is
    "1,16",
    "16,1",
    "3,2",
    "1000,2",
    "33,5" // one pixel, few pixels
  })
  void picturesAreThoseOfTheSlowResize(int side, int size) {
    byte[] picture = noise(side, 7);

    byte[] fast = new SquareResizer(size).resize(rows(picture, side), side);

    assertThat(fast).hasSize(size * size * CHANNELS);
    byte[] slow = slow(picture, side, size);
    int different = 0;
    for (int i = 0; i < fast.length; i++) {
      int difference = Math.abs((fast[i] & 0xFF) - (slow[i] & 0xFF));
      assertThat(difference).as("level %d", i).isLessThanOrEqualTo(1);
      different += difference;
    }
    // Where a sum is all but half way between two levels, float and fixed point may part.
    assertThat(different)
        .as("levels that differ by one")
        .isLessThanOrEqualTo(1 + fast.length / 200);
  }

  @Test
  void blackAndWhiteStayWithinBytes() {
    byte[] picture = new byte[40 * 40 * CHANNELS];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (byte) (i / (13 * CHANNELS) % 2 == 0 ? 0 : 255);
    }

    byte[] enlarged = new SquareResizer(96).resize(rows(picture, 40), 40);

    assertThat(enlarged).isEqualTo(slow(picture, 40, 96));
  }

  @Test
  void oneResizerTakesPicturesOfManySizesOneAfterTheOther() {
    SquareResizer reused = new SquareResizer(48);

    for (int side : new int[] {100, 30, 300, 48, 1, 300, 100}) {
      byte[] picture = noise(side, side);
      assertThat(reused.resize(rows(picture, side), side))
          .as("side %d", side)
          .isEqualTo(new SquareResizer(48).resize(rows(picture, side), side));
    }
  }

  @Test
  void theSamePictureGivesTheSameBitsHoweverOftenAndHoweverCompiled() {
    byte[] picture = noise(130, 5);
    SquareResizer resizer = new SquareResizer(64);
    byte[] interpreted = resizer.resize(rows(picture, 130), 130);

    for (int i = 0; i < 300; i++) {
      assertThat(resizer.resize(rows(picture, 130), 130)).isEqualTo(interpreted);
    }
  }

  /** Down, rounded, across, rounded; the picture's blue comes last. */
  private static byte[] slow(byte[] bgr, int side, int size) {
    BicubicWeights all = BicubicWeights.of(0, side, size);
    byte[] shrunk = rounded(Resampler.resample(bgr, side, CHANNELS, all, unchanged(side)));
    byte[] result = rounded(Resampler.resample(shrunk, side, CHANNELS, unchanged(size), all));
    for (int i = 0; i < result.length; i += CHANNELS) {
      byte blue = result[i];
      result[i] = result[i + 2];
      result[i + 2] = blue;
    }
    return result;
  }

  private static BicubicWeights unchanged(int side) {
    return BicubicWeights.of(0, side, side);
  }

  private static byte[] rounded(float[] levels) {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(levels[i]);
    }
    return bytes;
  }

  /** As a decoder's memory gives them, with rubbish behind each row's last byte. */
  private static PackedRows rows(byte[] picture, int side) {
    int rowBytes = CHANNELS * side;
    int[] packed = new int[SquareResizer.packedLength(side)];
    return index -> {
      for (int i = 0; i < packed.length * Integer.BYTES; i++) {
        int value = i < rowBytes ? picture[index * rowBytes + i] & 0xFF : 0xEE;
        int shift = Byte.SIZE * (i % Integer.BYTES);
        packed[i / Integer.BYTES] = packed[i / Integer.BYTES] & ~(0xFF << shift) | value << shift;
      }
      return packed;
    };
  }

  private static byte[] noise(int side, long seed) {
    byte[] picture = new byte[side * side * CHANNELS];
    new SplittableRandom(seed).nextBytes(picture);
    return picture;
  }
}
