/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.prep.table.Split;
import org.splitmask.train.eval.Evaluator;
import org.splitmask.train.eval.FeatureKind;
import org.splitmask.train.eval.probe.FeatureRow;
import org.splitmask.train.eval.probe.Probe;
import org.splitmask.train.eval.probe.Rows;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.VisionEncoder;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.OptimizerState;

/**
 * Who allocates native memory closes it. Each use takes some megabytes; what fifty of them leave is
 * compared with what a few would take if they were not closed.
 */
class NativeMemoryTest {
  private static final int FIRST = 10;
  private static final int TIMES = 50;
  private static final long MEGABYTE = 1 << 20;

  /** A process has its libraries, pools and compiled code after the first uses. */
  private static void assertFlat(String what, Runnable use, long bytesOfAUse) {
    for (int i = 0; i < FIRST; i++) {
      use.run();
    }
    System.gc(); // of the heap; what is outside of it must not wait for that
    long before = Pointer.physicalBytes();
    for (int i = 0; i < TIMES; i++) {
      use.run();
    }
    System.gc();
    long grown = Pointer.physicalBytes() - before;
    System.err.printf("%s: %d bytes more after %d times %d%n", what, grown, TIMES, bytesOfAUse);
    assertThat(bytesOfAUse).as("bytes of one use of %s", what).isGreaterThan(4 * MEGABYTE);
    // The heap may still grow into memory that it has reserved.
    assertThat(grown).as("bytes after %d uses of %s", TIMES, what).isLessThan(10 * bytesOfAUse);
  }

  @Test
  @DisplayName("trainers that are closed leave nothing")
  void trainers() {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(Branches.TWO, 1, 2, 0.2);
    OptimizerState start = SmallTraining.start(settings);
    int images = 256;
    List<StepPlan> steps = List.of(new StepPlan(0, List.of(new Range(0, images)), 0.5));
    assertFlat(
        "trainers",
        () -> {
          try (LocalTrainer<SplitMaskBatch> trainer =
              new LocalTrainer<>(settings, InstantSource.system())) {
            trainer.train(0, start, steps, SmallTraining.rows(images));
          }
        },
        settings.task().stepBytes(images));
  }

  @Test
  @DisplayName("encoders that are closed leave nothing")
  void encoders() {
    NetworkShape shape = NetworkShape.plain(8, 48, 192, 4, 3, 768, 1, Positions.LEARNED);
    float[] parameters = InitialParameters.all(VisionEncoder.layout(shape), 1);
    float[] pictures = new float[8 * shape.patches() * shape.patchValues()];
    assertFlat(
        "encoders",
        () -> {
          try (VisionEncoder encoder = new VisionEncoder(shape, parameters);
              INDArray means = encoder.encode(pictures).mean(1)) {
            assertThat(means.size(0)).isEqualTo(8);
          }
        },
        4L * parameters.length);
  }

  @Test
  @DisplayName("evaluations leave nothing")
  void evaluations() {
    int width = 600;
    int rows = 1500;
    List<FeatureRow> train = Rows.rows(rows, width, 4, 1);
    List<FeatureRow> test = Rows.rows(200, width, 4, 1);
    assertFlat(
        "evaluations",
        () ->
            Evaluator.evaluate(
                (kind, split) -> split == Split.TRAIN ? train : test,
                EnumSet.of(Probe.KNN),
                EnumSet.of(FeatureKind.TRAINED)),
        // kNN's directions of all training rows, and a copy of them turned round
        2L * Float.BYTES * rows * width);
  }
}
