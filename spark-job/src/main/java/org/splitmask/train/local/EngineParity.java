/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.OptimizerState;

/**
 * How far two engines are apart that take the same steps, on pictures of noise.
 *
 * @param steps that both took
 * @param lossDifference the largest difference of a step's total losses, as a share of the loss
 * @param gradientDistance the largest distance of a tensor's gradients in the first step, as a
 *     share of the gradient's length
 * @param tensor whose gradient that is
 */
public record EngineParity(
    int steps, double lossDifference, double gradientDistance, String tensor) {
  private static final double PROGRESS = 0.5;

  /** A gradient that is so small beside the whole is rounding. */
  private static final double LEAST_SHARE = 1e-6;

  /**
   * Compares.
   *
   * @param settings of both, but for the engine
   * @param images of the mini-batch
   * @param pictureBytes of a stored picture
   */
  public static <B extends MiniBatch> EngineParity of(
      TrainerSettings<B> settings,
      EngineFactory expected,
      EngineFactory actual,
      int images,
      int pictureBytes,
      int steps) {
    List<PatchRow> pictures = StepBenchmark.noise(images, pictureBytes);
    Taken reference = taken(settings, expected, pictures, steps);
    Taken compared = taken(settings, actual, pictures, steps);
    double loss = 0;
    for (int i = 0; i < steps; i++) {
      double total = reference.losses.get(i);
      loss = larger(loss, Math.abs(compared.losses.get(i) - total) / total);
    }
    ParameterManifest layout = settings.task().layout();
    double least = LEAST_SHARE * length(reference.moment, 0, reference.moment.length);
    double largest = 0;
    String tensor = "";
    for (ParameterManifest.Entry entry : layout.entries()) {
      int to = entry.offset() + entry.length();
      double own = Math.max(least, length(reference.moment, entry.offset(), to));
      double apart = distance(reference.moment, compared.moment, entry.offset(), to) / own;
      if (Double.isNaN(apart)) {
        apart = Double.POSITIVE_INFINITY;
      }
      if (tensor.isEmpty() || apart > largest) {
        largest = apart;
        tensor = entry.name();
      }
    }
    return new EngineParity(steps, loss, largest, tensor);
  }

  private static double larger(double a, double b) {
    return Double.isNaN(b) ? Double.POSITIVE_INFINITY : Math.max(a, b);
  }

  /** Total losses, and the first moment after one step, which has a tenth of its gradient. */
  private record Taken(List<Double> losses, float[] moment) {}

  private static <B extends MiniBatch> Taken taken(
      TrainerSettings<B> settings, EngineFactory engines, List<PatchRow> pictures, int steps) {
    int images = pictures.size();
    OptimizerState start =
        OptimizerState.start(InitialParameters.all(settings.task().layout(), settings.seed()));
    double rate = settings.optimisation().rate().at(PROGRESS);
    try (MiniBatchAssembler<B> assembler = settings.task().assembler();
        TrainingEngine<B> engine =
            engines.open(settings.task(), settings.optimisation(), settings.threads())) {
      engine.begin(start);
      B first = assembler.assemble(pictures, 0);
      engine.step(images, () -> first, rate);
      float[] moment = OptimizerState.copyOf(engine.state()).firstMoment();
      engine.begin(start);
      for (int i = 0; i < steps; i++) {
        // Other crops each time: a mini-batch that is learnt by heart makes small differences
        // large.
        B batch = assembler.assemble(pictures, i);
        engine.step(images, () -> batch, rate);
      }
      List<Double> losses = new ArrayList<>();
      for (StepMetrics metrics : engine.metrics()) {
        losses.add(metrics.figures().total());
      }
      while (losses.size() < steps) {
        losses.add(Double.NaN); // it was not finite before
      }
      return new Taken(losses, moment);
    }
  }

  private static double length(float[] vector, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) vector[i] * vector[i];
    }
    return Math.sqrt(squares);
  }

  private static double distance(float[] a, float[] b, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      double difference = (double) a[i] - b[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }
}
