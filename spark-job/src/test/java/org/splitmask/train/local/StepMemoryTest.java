/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;

class StepMemoryTest {
  private static final int IMAGES = 64;
  private static final int STEPS = 20;

  @Test
  @DisplayName("after the first steps, a step takes little of the heap and nothing outside of it")
  void stepsUseTheirBuffersAgain() {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO);
    SplitMaskBatch batch = SmallTraining.batch(settings, IMAGES);
    EngineSteps steps = new EngineSteps(settings, SmallTraining.start(settings));
    for (int i = 1; i <= STEPS; i++) {
      steps.step(batch, 0.5);
    }

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long nativeBefore = Pointer.totalBytes();
    for (int i = 1; i <= STEPS; i++) {
      steps.step(batch, 0.5);
    }
    long heap = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
    // One [2N, L, D] array of floats. A step writes 150 of its size; heads' pointers and rows'
    // indices are what is left.
    long activations = 4L * IMAGES * 2 * 16 * 64;
    assertThat(heap).as("bytes of a step").isLessThan(16 * activations);
    assertThat(Pointer.totalBytes() - nativeBefore).isLessThan(activations);
    steps.close();
  }

  @Test
  @DisplayName("a worker's steps have the same bits on any number of threads")
  void stepsDoNotDependOnThreads() {
    float[] alone = trained(1);
    assertThat(Arrays.mismatch(trained(2), alone)).isEqualTo(-1);
    assertThat(Arrays.mismatch(trained(3), alone)).isEqualTo(-1);
  }

  private static float[] trained(int threads) {
    TrainerSettings<SplitMaskBatch> one = SmallTraining.settings(Branches.TWO);
    TrainerSettings<SplitMaskBatch> settings =
        new TrainerSettings<>(
            one.task(), one.optimisation(), one.loading(), one.engine(), threads, one.seed());
    SplitMaskBatch batch = SmallTraining.batch(settings, IMAGES);
    try (EngineSteps steps = new EngineSteps(settings, SmallTraining.start(settings))) {
      for (int i = 1; i <= 3; i++) {
        steps.step(batch, 0.5);
      }
      return steps.state().parameters();
    }
  }
}
