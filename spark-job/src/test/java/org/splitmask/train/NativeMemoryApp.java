/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.prep.table.Split;
import org.splitmask.train.engine.host.HostEncoder;
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
 * Uses something again and again and prints as JSON what the memory of the process grew by. To be
 * run in a process whose heap has a fixed size and is touched, and where garbage collections free
 * no native memory: then what grows is what was not closed.
 *
 * <p>Argument: one of the cases in {@code use}.
 */
public final class NativeMemoryApp {
  private static final int FIRST = 15;
  static final int TIMES = 50;

  private static final int PICTURES = 8;
  private static final NetworkShape SHAPE =
      NetworkShape.plain(8, 48, 384, 4, 3, 1536, 1, Positions.LEARNED);

  private NativeMemoryApp() {}

  /** Something to use, and what one use would leave if it closed nothing. */
  private record Use(long bytes, Runnable action) {}

  public static void main(String[] arguments) throws IOException {
    Use use = use(arguments[0]);
    // A process has its libraries, pools and compiled code after the first uses.
    for (int i = 0; i < FIRST; i++) {
      use.action().run();
    }
    long before = Pointer.physicalBytes();
    for (int i = 0; i < TIMES; i++) {
      use.action().run();
    }
    long grown = Pointer.physicalBytes() - before;
    Map<String, Long> json = Map.of("grown", grown, "bytesOfAUse", use.bytes());
    System.out.println(new ObjectMapper().writeValueAsString(json));
  }

  private static Use use(String what) {
    return switch (what) {
      case "trainers" -> trainers(1);
      case "trainers with threads" -> trainers(2);
      case "encoders" -> encoders();
      case "frozen encoders" -> frozenEncoders();
      case "evaluations" -> evaluations();
      default -> throw new IllegalArgumentException(what);
    };
  }

  private static Use trainers(int threads) {
    TrainerSettings<SplitMaskBatch> one = SmallTraining.settings(Branches.TWO, 1, 2, 0.2);
    TrainerSettings<SplitMaskBatch> settings =
        new TrainerSettings<>(
            one.task(), one.optimisation(), one.loading(), one.engine(), threads, one.seed());
    OptimizerState start = SmallTraining.start(settings);
    int images = 64;
    List<StepPlan> steps = List.of(new StepPlan(0, List.of(new Range(0, images)), 0.5));
    return new Use(
        settings.task().stepBytes(images),
        () -> {
          try (LocalTrainer<SplitMaskBatch> trainer =
              new LocalTrainer<>(settings, InstantSource.system())) {
            trainer.train(0, start, steps, SmallTraining.rows(images));
          }
        });
  }

  private static Use encoders() {
    float[] parameters = InitialParameters.all(VisionEncoder.layout(SHAPE), 1);
    float[] pictures = new float[PICTURES * SHAPE.patches() * SHAPE.patchValues()];
    return new Use(
        (long) Float.BYTES * parameters.length,
        () -> {
          try (VisionEncoder encoder = new VisionEncoder(SHAPE, parameters);
              INDArray means = encoder.encode(pictures).mean(1)) {
            if (means.size(0) != PICTURES) {
              throw new AssertionError(
                  "descriptors of " + means.size(0) + " pictures, not " + PICTURES);
            }
          }
        });
  }

  /** As executors have them for an evaluation, with threads of their own. */
  private static Use frozenEncoders() {
    float[] parameters = InitialParameters.all(VisionEncoder.layout(SHAPE), 1);
    float[] pictures = new float[PICTURES * SHAPE.patches() * SHAPE.patchValues()];
    return new Use(
        (long) Float.BYTES * parameters.length,
        () -> {
          try (HostEncoder encoder = new HostEncoder(SHAPE, parameters, 2)) {
            int features = encoder.features(pictures).size();
            if (features != PICTURES) {
              throw new AssertionError("features of " + features + " pictures, not " + PICTURES);
            }
          }
        });
  }

  /** Both probes, and both kinds of features. */
  private static Use evaluations() {
    int width = 400;
    int rows = 900;
    List<FeatureRow> train = Rows.rows(rows, width, 4, 1);
    List<FeatureRow> test = Rows.rows(200, width, 4, 1);
    return new Use(
        // kNN's directions of all rows; the probe's inputs of five folds and of all rows
        (Float.BYTES + 6L * Double.BYTES) * rows * width,
        () ->
            Evaluator.evaluate(
                (kind, split) -> split == Split.TRAIN ? train : test,
                EnumSet.allOf(Probe.class),
                EnumSet.of(FeatureKind.TRAINED)));
  }
}
