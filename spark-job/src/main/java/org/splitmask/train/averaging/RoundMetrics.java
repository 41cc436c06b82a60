/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.WorkerReport;

/**
 * What is reported of a round. Means are weighted by images, as the parameters are, and rounded to
 * six significant digits: a metric is read, not computed with.
 *
 * @param round from 1
 * @param epoch in which the next round starts
 * @param updates since the run began
 * @param workers that took part
 * @param images that they trained on
 * @param seconds from the end of the round before to the end of this one
 * @param loss the mean of what is minimised
 * @param figures the means of the task's own figures, in its order
 * @param gradientNorm the mean before clipping
 * @param learningRate of the last step
 * @param waitingShare the share of the workers' time in which they waited for mini-batches
 */
public record RoundMetrics(
    int round,
    int epoch,
    long updates,
    int workers,
    long images,
    double seconds,
    double loss,
    Map<String, Double> figures,
    double gradientNorm,
    double learningRate,
    double waitingShare) {
  public RoundMetrics {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /**
   * Of what the workers told.
   *
   * @param after the state after the round
   */
  static RoundMetrics of(TrainingState after, List<WorkerReport> reports, double seconds) {
    List<StepMetrics> steps = reports.stream().flatMap(report -> report.steps().stream()).toList();
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String name : steps.get(0).figures().named().keySet()) {
      figures.put(name, mean(steps, step -> step.figures().get(name)));
    }
    double working = reports.stream().mapToDouble(report -> report.pace().seconds()).sum();
    double waiting = reports.stream().mapToDouble(report -> report.pace().waiting()).sum();
    return new RoundMetrics(
        after.round(),
        after.cursor().epoch(),
        after.updates(),
        reports.size(),
        reports.stream().mapToLong(WorkerReport::images).sum(),
        rounded(seconds),
        mean(steps, step -> step.figures().total()),
        figures,
        mean(steps, StepMetrics::gradientNorm),
        steps.get(steps.size() - 1).rate(),
        working > 0 ? rounded(waiting / working) : 0);
  }

  private static double mean(List<StepMetrics> steps, ToDoubleFunction<StepMetrics> figure) {
    double sum = 0;
    long images = 0;
    for (StepMetrics step : steps) {
      sum += step.images() * figure.applyAsDouble(step);
      images += step.images();
    }
    return rounded(sum / images);
  }

  /** Six significant digits; what is not finite stays as it is. */
  public static double rounded(double value) {
    if (!Double.isFinite(value)) {
      return value;
    }
    return new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }
}
