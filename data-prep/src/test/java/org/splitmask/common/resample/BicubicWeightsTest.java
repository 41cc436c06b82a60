/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicWeightsTest {
  @Test
  void anOutputBetweenPixelsHasTheWeightsOfTheFormula() {
    BicubicWeights twice = BicubicWeights.of(0, 8, 16);

    // Output 7 lies at 3.75, a quarter of a pixel right of the centre of pixel 3.
    assertThat(twice.first()[7]).isEqualTo(2);
    assertThat(twice.values()[7])
        .containsExactly(
            new double[] {-0.0703125, 0.8671875, 0.2265625, -0.0234375}, within(1e-12));
  }

  @Test
  void shrinkingByThreeReadsThreeTimesAsManyPixels() {
    BicubicWeights third = BicubicWeights.of(0, 30, 10);

    assertThat(third.first()[5]).isEqualTo(11);
    assertThat(third.values()[5]).hasSize(12);
    assertThat(third.values()[0]).as("at the edge, what is there").hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({"0,400,224", "3,7,16", "5,1,4", "0,4096,2", "2,17,17", "0,1000,3"})
  void weightsAddUpToOneAndStayInTheRange(int start, int length, int size) {
    BicubicWeights weights = BicubicWeights.of(start, length, size);

    assertThat(weights.size()).isEqualTo(size);
    for (int i = 0; i < size; i++) {
      assertThat(Arrays.stream(weights.values()[i]).sum()).isCloseTo(1, within(1e-12));
      assertThat(weights.first()[i]).isBetween(start, start + length - 1);
      assertThat(weights.first()[i] + weights.values()[i].length)
          .as("end of output %d", i)
          .isLessThanOrEqualTo(start + length);
    }
  }

  @Test
  void mirroredWeightsAreTheSameFromTheOtherEnd() {
    BicubicWeights weights = BicubicWeights.of(4, 9, 5);
    BicubicWeights mirrored = weights.mirrored();

    for (int i = 0; i < 5; i++) {
      assertThat(mirrored.first()[i]).isEqualTo(weights.first()[4 - i]);
      assertThat(mirrored.values()[i]).isEqualTo(weights.values()[4 - i]);
    }
  }

  @Test
  void aPictureOfTheRightSizeStaysAsItIs() {
    byte[] pixels = {0, 10, 20, (byte) 130, (byte) 200, (byte) 255};

    float[] same =
        Resampler.resample(pixels, 3, 1, BicubicWeights.of(0, 2, 2), BicubicWeights.of(0, 3, 3));

    assertThat(same).containsExactly(0, 10, 20, 130, 200, 255);
  }

  @Test
  void overshootIsCutOff() {
    byte[] edge = {0, 0, 0, (byte) 255, (byte) 255, (byte) 255};

    float[] enlarged =
        Resampler.resample(edge, 6, 1, BicubicWeights.of(0, 1, 1), BicubicWeights.of(0, 6, 24));

    assertThat(enlarged).contains(0, 255);
    for (float level : enlarged) {
      assertThat(level).isBetween(0f, 255f);
    }
  }
}
