/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerResult;
import org.splitmask.train.state.OptimizerState;

class ParameterAveragerTest {
  @Test
  void weighsWorkersByTheirImages() {
    ParameterAverager averager = new ParameterAverager(2, 8);
    averager.add(result(0, 3, 1f, -2f));
    averager.add(result(1, 5, 5f, 6f));

    OptimizerState mean = averager.mean();

    assertThat(mean.parameters()).containsExactly(new float[] {3.5f, 3f}, within(1e-6f));
    assertThat(mean.firstMoment()).containsExactly(new float[] {35f, 30f}, within(1e-5f));
    assertThat(mean.secondMoment()).containsExactly(new float[] {350f, 300f}, within(1e-4f));
  }

  @Test
  void oneWorkersResultStaysAsItIsToTheBit() {
    float[] values = {0.1f, 1e-30f, -3.3333333f};
    ParameterAverager averager = new ParameterAverager(3, 7);
    averager.add(result(0, 7, values));

    assertThat(averager.mean().parameters()).isEqualTo(values);
    assertThat(new OuterStep(1, 0).apply(new float[] {9f, 9f, 9f}, values, new float[3]))
        .isSameAs(values);
  }

  @Test
  void anotherOrderThanTheWorkersIsADefect() {
    ParameterAverager averager = new ParameterAverager(1, 2);
    assertThatThrownBy(() -> averager.add(result(1, 1, 1f)))
        .hasMessageContaining("worker 1 was added as number 0");
  }

  @Test
  void theOuterStepIsNesterovs() {
    float[] velocity = {0.5f};
    float[] next = new OuterStep(0.7, 0.9).apply(new float[] {1f}, new float[] {3f}, velocity);

    double v = 0.9 * 0.5 + 2;
    assertThat(velocity[0]).isCloseTo((float) v, within(1e-6f));
    assertThat(next[0]).isCloseTo((float) (1 + 0.7 * (2 + 0.9 * v)), within(1e-6f));
  }

  private static WorkerResult result(int worker, long images, float... parameters) {
    float[] first = new float[parameters.length];
    float[] second = new float[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      first[i] = 10 * parameters[i];
      second[i] = 100 * parameters[i];
    }
    return new WorkerResult(
        worker,
        new OptimizerState(parameters, first, second, 4),
        images,
        List.of(),
        new Pace(1, 0));
  }
}
