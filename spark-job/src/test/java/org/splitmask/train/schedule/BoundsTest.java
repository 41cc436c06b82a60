/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** The least and largest values that are taken, and what is said of those beyond. */
class BoundsTest {
  static Stream<Arguments> refused() {
    RunLength one = RunLength.ofEpochs(1);
    return Stream.of(
        of(() -> new RoundPlanner(99, one, 0, 2, 1, 1), "workers must be at least 1, was 0"),
        of(() -> new RoundPlanner(99, one, 1, 1, 1, 1), "batch-size must be at least 2, was 1"),
        of(() -> new RoundPlanner(99, one, 1, 2, 0, 1), "batches-per-update must be at least 1"),
        of(
            () -> new RoundPlanner(99, one, 1, 2, 1, 0),
            "steps-per-round must be at least 1, was 0"),
        of(
            () -> new RoundPlanner(1 << 26, one, 1, 1 << 13, (1 << 11) + 1, 1),
            "batch-size 8192 times batches-per-update 2049 must be at most 16777216"),
        of(() -> new RunLength(0, 0, 0), "epochs must be at least 1, was 0"),
        of(() -> new RunLength(1, -1, 0), "max-updates must be 0 (no bound) or positive, was -1"),
        of(() -> new RunLength(1, 0, -1), "max-images must be 0 (no bound) or positive, was -1"),
        of(() -> new WarmupCosine(0, 0, 0), "learning-rate must be positive, was 0.0"),
        of(() -> new WarmupCosine(Double.NaN, 0, 0), "learning-rate must be positive, was NaN"),
        of(() -> new WarmupCosine(1, -0.1, 0), "warmup-share must be in [0, 1), was -0.1"),
        of(() -> new WarmupCosine(1, 1, 0), "warmup-share must be in [0, 1), was 1.0"),
        of(() -> new WarmupCosine(1, 0, -0.1), "final-rate-share must be in [0, 1], was -0.1"),
        of(() -> new WarmupCosine(1, 0, 1.1), "final-rate-share must be in [0, 1], was 1.1"));
  }

  static Stream<Runnable> taken() {
    RunLength one = RunLength.ofEpochs(1);
    return Stream.of(
        () -> new RoundPlanner(2, one, 1, 2, 1, 1),
        () -> new RoundPlanner(1 << 26, one, 1, 1 << 13, 1 << 11, 1),
        () -> new RunLength(1, 0, 0),
        () -> new WarmupCosine(1e-9, 0, 0),
        () -> new WarmupCosine(1, 0.999, 1));
  }

  private static Arguments of(Runnable made, String message) {
    return Arguments.of(made, message);
  }

  @ParameterizedTest
  @MethodSource
  void refused(Runnable made, String message) {
    assertThatThrownBy(made::run)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
  }

  @ParameterizedTest
  @MethodSource
  void taken(Runnable made) {
    assertThatCode(made::run).doesNotThrowAnyException();
  }

  @Test
  void noMoreImagesThanAnArrayHasPlaces() {
    assertThat(RoundPlanner.countable(0)).isZero();
    assertThat(RoundPlanner.countable(2_147_483_639L)).isEqualTo(2_147_483_639);
    assertThatThrownBy(() -> RoundPlanner.countable(2_147_483_640L))
        .hasMessageContaining("has 2147483640 images, a run can have at most 2147483639")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  @Test
  void aRangeGoesForwardFromZero() {
    assertThat(new Range(0, 0).length()).isZero();
    assertThat(new Range(3, 7).length()).isEqualTo(4);
    assertThatThrownBy(() -> new Range(-1, 2)).hasMessage("range [-1, 2)");
    assertThatThrownBy(() -> new Range(3, 2)).hasMessage("range [3, 2)");
  }

  @Test
  void aSliceHasNoEmptyRanges() {
    List<Range> ranges = List.of(new Range(10, 13), new Range(20, 20), new Range(30, 34));

    assertThat(Range.slice(ranges, 0, 3)).containsExactly(new Range(10, 13));
    assertThat(Range.slice(ranges, 3, 7)).containsExactly(new Range(30, 34));
    assertThat(Range.slice(ranges, 2, 4)).containsExactly(new Range(12, 13), new Range(30, 31));
    assertThat(Range.slice(ranges, 5, 5)).isEmpty();
    assertThat(Range.slice(ranges, 0, 99)).containsExactly(new Range(10, 13), new Range(30, 34));
  }
}
