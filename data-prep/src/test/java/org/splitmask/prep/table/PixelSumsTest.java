/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelSumsTest {
  @ParameterizedTest
  @CsvSource({"3, 1", "3, 64", "3, 1023", "3, 1024", "3, 1025", "3, 50176", "1, 3000", "4, 5000"})
  void sumsAreThoseOfAddingPixelByPixel(int channels, int pixels) {
    byte[] first = noise(channels * pixels, 1);
    byte[] second = noise(channels * pixels, 2);

    PixelSums sums = new PixelSums(channels);
    sums.add(first);
    sums.add(second);

    assertThat(sums.print()).isEqualTo(slowly(channels, first, second));
  }

  @Test
  void theBrightestPicturesDoNotOverflow() {
    byte[] white = new byte[8192 * 4200];
    Arrays.fill(white, (byte) 255);

    PixelSums sums = new PixelSums(1);
    sums.add(white);

    assertThat(sums.mean()).containsOnly(1.0);
    assertThat(sums.std()).allSatisfy(std -> assertThat(std).isCloseTo(0, within(1e-9)));
  }

  @Test
  void whatIsAddedAndTakenAwayLeavesNothing() {
    PixelSums sums = new PixelSums(3);
    sums.add(noise(3 * 4096, 1));
    String before = sums.print();
    PixelSums other = new PixelSums(3);
    other.add(noise(3 * 5000, 2));

    sums.add(other);
    assertThat(PixelSums.parse(sums.print()).print()).isEqualTo(sums.print()).isNotEqualTo(before);
    sums.subtract(other);
    assertThat(sums.print()).isEqualTo(before);
  }

  private static String slowly(int channels, byte[]... pictures) {
    long[] numbers = new long[1 + 2 * channels];
    for (byte[] picture : pictures) {
      numbers[0] += picture.length / channels;
      for (int i = 0; i < picture.length; i++) {
        long level = Byte.toUnsignedLong(picture[i]);
        numbers[1 + i % channels] += level;
        numbers[1 + channels + i % channels] += level * level;
      }
    }
    return String.join(",", Arrays.stream(numbers).mapToObj(String::valueOf).toList());
  }

  private static byte[] noise(int length, long seed) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }
}
