/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.splitmask.train.state.StateSegment;

class SegmentAveragerTest {
  @Test
  void weighsWorkersByTheirImages() {
    SegmentAverager averager = new SegmentAverager(2, true, new long[] {3, 5});
    averager.add(0, segment(1f, -2f));
    averager.add(1, segment(5f, 6f));

    StateSegment mean = averager.mean();

    assertThat(mean.parameters()).containsExactly(new float[] {3.5f, 3f}, within(1e-6f));
    assertThat(mean.firstMoment()).containsExactly(new float[] {35f, 30f}, within(1e-5f));
    assertThat(mean.secondMoment()).containsExactly(new float[] {350f, 300f}, within(1e-4f));
  }

  @Test
  void oneWorkersResultStaysAsItIsToTheBit() {
    float[] values = {0.1f, 1e-30f, -3.3333333f};
    SegmentAverager averager = new SegmentAverager(3, true, new long[] {7});
    averager.add(0, segment(values));

    assertThat(averager.mean().parameters()).isEqualTo(values);
    assertThat(new OuterStep(1, 0).apply(new float[] {9f, 9f, 9f}, values, new float[3]))
        .isSameAs(values);
  }

  @Test
  void anotherOrderThanTheWorkersIsADefect() {
    SegmentAverager averager = new SegmentAverager(1, true, new long[] {1, 1});
    assertThatThrownBy(() -> averager.add(1, segment(1f)))
        .hasMessageContaining("worker 1 was added as number 0");
  }

  @Test
  void aMissingWorkerIsADefect() {
    SegmentAverager averager = new SegmentAverager(1, true, new long[] {1, 1});
    averager.add(0, segment(1f));
    assertThatThrownBy(averager::mean).hasMessageContaining("1 workers came back of 2");
  }

  @Test
  void aSegmentOfAnotherLengthIsADefect() {
    SegmentAverager averager = new SegmentAverager(2, true, new long[] {1});
    assertThatThrownBy(() -> averager.add(0, segment(1f)))
        .hasMessageContaining("worker 0 has 1 elements in place of 2");
  }

  private static StateSegment segment(float... parameters) {
    float[] first = new float[parameters.length];
    float[] second = new float[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      first[i] = 10 * parameters[i];
      second[i] = 100 * parameters[i];
    }
    return new StateSegment(parameters, first, second);
  }
}
