/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.train.state.StateSegment;

class QuantisedSegmentTest {
  /** Two blocks, and a part of a third. */
  private static final int LENGTH = 600;

  private final Random random = new Random(20261130);

  /** The error is below one step, which is the block's largest delta / 127 or / 32,767. */
  @ParameterizedTest
  @CsvSource({"INT16, 32767", "INT8, 127"})
  void deltasAreOffByLessThanAStepOfTheirBlock(DeltaPrecision precision, int steps) {
    float[] start = normal(1);
    float[] after = moved(start);
    float[] through = through(start, after, precision, 7).parameters();

    for (int block = 0; block * 256 < LENGTH; block++) {
      int to = Math.min(LENGTH, block * 256 + 256);
      float largest = 0;
      for (int i = block * 256; i < to; i++) {
        largest = Math.max(largest, Math.abs(after[i] - start[i]));
      }
      for (int i = block * 256; i < to; i++) {
        assertThat(through[i]).isCloseTo(after[i], within(largest / steps + 1e-6f));
      }
    }
  }

  /** What is far below a step comes through in the mean: no way is lost for ever. */
  @ParameterizedTest
  @EnumSource(names = {"INT16", "INT8"})
  void theMeanOverDrawsIsExact(DeltaPrecision precision) {
    float[] start = new float[LENGTH];
    float[] after = new float[LENGTH];
    after[0] = 1;
    after[1] = 0.1f / precision.most();
    after[2] = -2.7f / precision.most();
    int draws = 20_000;
    double[] sums = new double[3];
    for (int draw = 0; draw < draws; draw++) {
      float[] through = through(start, after, precision, draw).parameters();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += through[i];
      }
    }

    double step = 1.0 / precision.most();
    assertThat(sums[0] / draws).as("the largest").isCloseTo(1, within(1e-6));
    // A draw's deviation is at most half a step: five deviations of the mean.
    double error = 5 * 0.5 * step / Math.sqrt(draws);
    assertThat(sums[1] / draws).isCloseTo(after[1], within(error));
    assertThat(sums[2] / draws).isCloseTo(after[2], within(error));
  }

  @Test
  void momentsKeepTheirSizeTheirSignAndTheirMean() {
    StateSegment segment =
        new StateSegment(new float[3], new float[] {-3e-7f, 0, 5}, new float[] {1.7e-13f, 0, 1e9f});
    int draws = 5000;
    double[] sums = new double[4];
    for (int draw = 0; draw < draws; draw++) {
      StateSegment through =
          QuantisedSegment.of(new float[3], segment, DeltaPrecision.INT8, draw).from(new float[3]);
      for (int i = 0; i < 3; i++) {
        float first = segment.firstMoment()[i];
        float second = segment.secondMoment()[i];
        assertThat(through.firstMoment()[i]).isCloseTo(first, within(Math.abs(first) / 128));
        assertThat(through.secondMoment()[i]).isCloseTo(second, within(second / 128));
      }
      sums[0] += through.firstMoment()[0];
      sums[1] += through.secondMoment()[0];
    }
    assertThat(sums[0] / draws / -3e-7).isCloseTo(1, within(3e-4));
    assertThat(sums[1] / draws / 1.7e-13).isCloseTo(1, within(3e-4));
  }

  @Test
  void aSeedDecidesTheBytesAndAnotherSeedOthers() {
    float[] start = normal(1);
    StateSegment after = withMoments(moved(start));

    byte[] bytes = QuantisedSegment.of(start, after, DeltaPrecision.INT8, 5).bytes();
    assertThat(QuantisedSegment.of(start, after, DeltaPrecision.INT8, 5).bytes()).isEqualTo(bytes);
    assertThat(QuantisedSegment.of(start, after, DeltaPrecision.INT8, 6).bytes())
        .isNotEqualTo(bytes);
  }

  @Test
  void whatDidNotMoveStaysToTheBit() {
    float[] start = normal(1);
    assertThat(through(start, start.clone(), DeltaPrecision.INT8, 1).parameters()).isEqualTo(start);
  }

  /** The round is refused then; nothing may look as if it were sound. */
  @Test
  void whatIsNotFiniteSpoilsItsBlockAndNoOther() {
    float[] start = new float[LENGTH];
    float[] after = moved(start);
    after[3] = Float.NaN;
    after[599] = Float.NEGATIVE_INFINITY;
    float[] through = through(start, after, DeltaPrecision.INT16, 1).parameters();

    assertThat(through[0]).isNaN();
    assertThat(through[599]).isNaN();
    assertThat(through[300]).isFinite();

    StateSegment odd =
        new StateSegment(
            new float[2],
            new float[] {Float.NaN, Float.intBitsToFloat(0x7fffffff)},
            new float[] {Float.POSITIVE_INFINITY, Float.NaN});
    StateSegment back =
        QuantisedSegment.of(new float[2], odd, DeltaPrecision.INT8, 1).from(new float[2]);
    assertThat(back.firstMoment()).containsOnly(Float.NaN);
    assertThat(back.secondMoment()).containsExactly(Float.POSITIVE_INFINITY, Float.NaN);
  }

  @Test
  void itsBytesAreWhatTheTrafficSays() {
    float[] start = normal(1);
    StateSegment after = withMoments(moved(start));

    // Three scales, and 1 + 4 or 2 bytes an element.
    assertThat(QuantisedSegment.of(start, after, DeltaPrecision.INT8, 1).bytes())
        .hasSize(3 * 4 + 5 * LENGTH)
        .hasSize((int) new Traffic(Moments.AVERAGE, DeltaPrecision.INT8).workerBytes(LENGTH));
    assertThat(QuantisedSegment.of(start, after.withoutMoments(), DeltaPrecision.INT16, 1).bytes())
        .hasSize(3 * 4 + 2 * LENGTH)
        .hasSize((int) new Traffic(Moments.RESET, DeltaPrecision.INT16).workerBytes(LENGTH));
    assertThat(Traffic.WHOLE.workerBytes(LENGTH)).isEqualTo(12 * LENGTH);
    assertThat(new Traffic(Moments.AVERAGE, DeltaPrecision.INT8).executorBytes(LENGTH))
        .as("all begin with the same bits")
        .isEqualTo(12 * LENGTH);
  }

  @Test
  void itTravelsAsJavasObjects() throws IOException, ClassNotFoundException {
    float[] start = normal(1);
    StateSegment after = withMoments(moved(start));
    QuantisedSegment sent = QuantisedSegment.of(start, after, DeltaPrecision.INT16, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      QuantisedSegment read = (QuantisedSegment) in.readObject();
      assertThat(read.from(start).parameters()).isEqualTo(sent.from(start).parameters());
    }
  }

  @Test
  void bytesOfAnotherLengthAreADefect() {
    assertThatThrownBy(
            () -> new QuantisedSegment(LENGTH, DeltaPrecision.INT8, false, new byte[LENGTH]))
        .hasMessageContaining("600 bytes of 600 elements");
  }

  private static StateSegment through(
      float[] start, float[] after, DeltaPrecision precision, long seed) {
    StateSegment segment = new StateSegment(after, new float[0], new float[0]);
    return QuantisedSegment.of(start, segment, precision, seed).from(start);
  }

  private StateSegment withMoments(float[] parameters) {
    float[] second = normal(1e-6f);
    for (int i = 0; i < second.length; i++) {
      second[i] *= second[i];
    }
    return new StateSegment(parameters, normal(1e-3f), second);
  }

  private float[] moved(float[] start) {
    float[] after = normal(1e-3f);
    for (int i = 0; i < after.length; i++) {
      after[i] += start[i];
    }
    return after;
  }

  private float[] normal(float deviation) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
