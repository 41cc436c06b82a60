/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskBatchAssembler;
import org.splitmask.train.state.OptimizerState;

class StepMemoryTest {
  private static final int IMAGES = 64;
  private static final int STEPS = 20;

  @Test
  @DisplayName("after the first steps, a step takes little of the heap and nothing outside of it")
  void stepsUseTheirBuffersAgain() {
    TrainerSettings settings = SmallTraining.settings(Branches.TWO);
    SplitMaskBatch batch = batch(settings);
    OptimizerState state = SmallTraining.start(settings);
    LocalTrainer trainer = new LocalTrainer(settings, InstantSource.system());
    for (int i = 1; i <= STEPS; i++) {
      trainer.step(state, batch, 0.5, i);
    }

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long nativeBefore = Pointer.totalBytes();
    for (int i = 1; i <= STEPS; i++) {
      trainer.step(state, batch, 0.5, STEPS + i);
    }
    long heap = (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
    // One [2N, L, D] array of floats. A step writes 150 of its size; heads' pointers and rows'
    // indices are what is left.
    long activations = 4L * IMAGES * 2 * 16 * 64;
    assertThat(heap).as("bytes of a step").isLessThan(16 * activations);
    assertThat(Pointer.totalBytes() - nativeBefore).isLessThan(activations);
  }

  @Test
  @DisplayName("a worker's steps have the same bits on any number of threads")
  void stepsDoNotDependOnThreads() {
    float[] alone = trained(1);
    assertThat(Arrays.mismatch(trained(2), alone)).isEqualTo(-1);
    assertThat(Arrays.mismatch(trained(3), alone)).isEqualTo(-1);
  }

  private static float[] trained(int threads) {
    TrainerSettings one = SmallTraining.settings(Branches.TWO);
    TrainerSettings settings =
        new TrainerSettings(
            one.shape(),
            one.objective(),
            one.miniBatches(),
            one.optimisation(),
            one.loading(),
            threads,
            one.seed());
    OptimizerState state = SmallTraining.start(settings);
    LocalTrainer trainer = new LocalTrainer(settings, InstantSource.system());
    SplitMaskBatch batch = batch(settings);
    for (int i = 1; i <= 3; i++) {
      trainer.step(state, batch, 0.5, i);
    }
    return state.parameters();
  }

  private static SplitMaskBatch batch(TrainerSettings settings) {
    return new SplitMaskBatchAssembler(settings.miniBatches())
        .assemble(SmallTraining.pictures(IMAGES), 0);
  }
}
