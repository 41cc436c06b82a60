/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterManifest;

class PositionInterpolationTest {
  private static final int WIDTH = 8;

  @Test
  void theSameGridIsLeftAsItIs() {
    float[] table = random(4 * 4 * WIDTH);
    assertThat(PositionInterpolation.resize(table, 4, 4)).isSameAs(table);
  }

  @ParameterizedTest
  @CsvSource({"8, 16", "16, 8", "8, 13", "14, 24"})
  void aPlaneStaysAPlane(int from, int to) {
    float[] table = plane(from, (double) 1 / from);
    float[] resized = PositionInterpolation.resize(table, from, to);
    float[] expected = plane(to, (double) 1 / to);
    int rim = (int) Math.ceil(2.0 * Math.max(1, (double) to / from)); // the filter ends there
    int compared = 0;
    for (int y = rim; y < to - rim; y++) {
      for (int x = rim; x < to - rim; x++) {
        for (int i = 0; i < 2; i++, compared++) {
          int at = (y * to + x) * 2 + i;
          assertThat(resized[at]).isCloseTo(expected[at], within(1e-5f));
        }
      }
    }
    assertThat(compared).isPositive().isEqualTo(2 * (to - 2 * rim) * (to - 2 * rim));
  }

  /** A cubic follows the fastest sine, a period of 6.3 patches, to 3 %. */
  @Test
  void resizedSinesAreTheSinesOfTheOtherGrid() {
    double[][] fixed = PositionTableLayer.sincos(14, 14, WIDTH);
    double[][] finer = PositionTableLayer.sincos(28, 14, WIDTH);
    float[] table = new float[196 * WIDTH];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) fixed[i / WIDTH][i % WIDTH];
    }
    float[] resized = PositionInterpolation.resize(table, 14, 28);
    for (int y = 4; y < 24; y++) {
      for (int x = 4; x < 24; x++) {
        for (int i = 0; i < WIDTH; i++) {
          int at = y * 28 + x;
          assertThat(resized[at * WIDTH + i]).isCloseTo((float) finer[at][i], within(0.03f));
        }
      }
    }
  }

  @Test
  void oneGridsOwnSinesAreAtWholeNumbers() {
    double[][] table = PositionTableLayer.sincos(6, 6, WIDTH);
    assertThat(table[2 * 6 + 3][0]).isEqualTo(Math.sin(3));
    assertThat(table[2 * 6 + 3][4]).isEqualTo(Math.sin(2));
  }

  /** Larger pictures cut into as large patches: the encoder sees more of them, all else is kept. */
  @ParameterizedTest
  @CsvSource({"LEARNED", "SINCOS"})
  void anEncoderGoesOnWithAnotherResolution(Positions positions) {
    NetworkShape trained = NetworkShape.plain(4, 12, WIDTH, 2, 2, 16, 1, positions);
    ParameterManifest layout = VisionEncoder.layout(trained);
    ParameterManifest largerLayout = VisionEncoder.layout(trained.onGrid(8));
    float[] parameters = InitialParameters.all(layout, 3);
    float[] moved = PositionInterpolation.onGrid(parameters, layout, 4, largerLayout, 8);

    // A flat picture has equal patches; a patch's feature then tells its place alone, and places
    // of the larger grid lie between those of the smaller.
    try (VisionEncoder encoder = new VisionEncoder(trained, parameters);
        VisionEncoder larger = new VisionEncoder(trained.onGrid(8), moved)) {
      INDArray mean = encoder.encode(ones(16 * 12)).mean(1);
      INDArray meanOfLarger = larger.encode(ones(64 * 12)).mean(1);
      double distance = meanOfLarger.distance2(mean);
      assertThat(distance / mean.norm2Number().doubleValue()).isLessThan(0.05);
    }
    assertThat(moved.length - parameters.length)
        .isEqualTo(positions == Positions.LEARNED ? (64 - 16) * WIDTH : 0);
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Two channels: the column and the row of a patch's centre, times a factor. */
  private static float[] plane(int side, double factor) {
    float[] table = new float[side * side * 2];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        table[(y * side + x) * 2] = (float) ((x + 0.5) * factor);
        table[(y * side + x) * 2 + 1] = (float) ((y + 0.5) * factor);
      }
    }
    return table;
  }

  private static float[] random(int length) {
    float[] values = new float[length];
    Random random = new Random(2);
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
