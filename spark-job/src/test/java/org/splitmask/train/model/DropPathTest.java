/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.InitialParameters;

class DropPathTest {
  private static final int SEQUENCES = 20_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void leavesOutAtItsRateAndKeepsTheMean(double rate) {
    float[] factors = DropPath.factors(rate, seeds(), "encoder.0", 0);
    int dropped = 0;
    double sum = 0;
    for (float factor : factors) {
      assertThat(factor).isIn(0f, (float) (1 / (1 - rate)));
      dropped += factor == 0 ? 1 : 0;
      sum += factor;
    }
    double error = Math.sqrt(rate * (1 - rate) / SEQUENCES);
    assertThat((double) dropped / SEQUENCES).isCloseTo(rate, within(4 * error));
    assertThat(sum / SEQUENCES).isCloseTo(1, within(4 * error / (1 - rate)));
  }

  @Test
  void isDrawnForEachBlockAndResidualByItself() {
    long[] seeds = seeds();
    float[] first = DropPath.factors(0.5, seeds, "encoder.0", 0);
    assertThat(DropPath.factors(0.5, seeds, "encoder.0", 0)).isEqualTo(first);
    assertThat(agreement(first, DropPath.factors(0.5, seeds, "encoder.0", 1)))
        .isCloseTo(0.5, within(0.02));
    assertThat(agreement(first, DropPath.factors(0.5, seeds, "encoder.1", 0)))
        .isCloseTo(0.5, within(0.02));
  }

  @Test
  void featuresAreOfTheWholeEncoder() {
    NetworkShape plain = NetworkShape.plain(2, 3, 4, 2, 2, 6, 1, Positions.LEARNED);
    NetworkShape dropping = new NetworkShape(2, 3, 4, 2, 2, 6, 1, Positions.LEARNED, 2, 0, 0.9);
    float[] patches = new float[5 * 4 * 3];
    for (int i = 0; i < patches.length; i++) {
      patches[i] = -1 + 0.03f * i;
    }
    float[] parameters = InitialParameters.all(VisionEncoder.layout(plain), 3);
    try (VisionEncoder whole = new VisionEncoder(plain, parameters);
        VisionEncoder encoder = new VisionEncoder(dropping, parameters)) {
      assertThat(encoder.encode(patches)).isEqualTo(whole.encode(patches));
    }
  }

  @Test
  void risesLinearlyOverTheEncoder() {
    NetworkShape shape = new NetworkShape(2, 3, 4, 5, 2, 6, 1, Positions.LEARNED, 2, 0, 0.4);
    assertThat(shape.dropPathOfBlock(0)).isZero();
    assertThat(shape.dropPathOfBlock(2)).isCloseTo(0.2, within(1e-12));
    assertThat(shape.dropPathOfBlock(4)).isCloseTo(0.4, within(1e-12));
  }

  private static double agreement(float[] a, float[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return (double) same / a.length;
  }

  private static long[] seeds() {
    return new Random(3).longs(SEQUENCES).toArray();
  }
}
