/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.splitmask.common.failure.Check;
import org.splitmask.train.averaging.RoundTries.Averaged;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.WorkerReport;

/**
 * What is reported of a round. Means are weighted by images, as the parameters are, and rounded to
 * six significant digits: a metric is read, not computed with.
 *
 * @param round from 1
 * @param epoch in which the next round starts
 * @param updates since the run began
 * @param workers that came to their end
 * @param stragglers that were not waited for
 * @param images that they trained on
 * @param loss the mean of what is minimised
 * @param figures the means of the task's own figures, in its order
 * @param gradientNorm the mean before clipping
 * @param learningRate of the last step
 * @param deltas how far the workers went
 * @param waitingShare the share of the workers' time in which they waited for mini-batches
 * @param slowestWorker the number of the worker that took longest
 * @param slowestRate its images per second
 * @param fastestRate the most images per second of a worker
 * @param processBytes resident memory of the largest process of a worker
 * @param executorBytes what each executor was sent, before Spark compresses it
 * @param workerBytes what each worker sent back, likewise
 * @param times where the time went
 */
public record RoundMetrics(
    int round,
    int epoch,
    long updates,
    int workers,
    int stragglers,
    long images,
    double loss,
    Map<String, Double> figures,
    double gradientNorm,
    double learningRate,
    RoundDeltas deltas,
    double waitingShare,
    int slowestWorker,
    double slowestRate,
    double fastestRate,
    long processBytes,
    long executorBytes,
    long workerBytes,
    RoundTimes times) {
  public RoundMetrics {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** Of what a round came to. */
  static RoundMetrics of(Averaged round, RoundTimes times) {
    TrainingState after = round.state();
    List<WorkerReport> reports = round.reports();
    List<StepMetrics> steps = reports.stream().flatMap(report -> report.steps().stream()).toList();
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String name : steps.get(0).figures().named().keySet()) {
      figures.put(name, mean(steps, step -> step.figures().get(name)));
    }
    double working = reports.stream().mapToDouble(report -> report.pace().seconds()).sum();
    double waiting = reports.stream().mapToDouble(report -> report.pace().waiting()).sum();
    Comparator<WorkerReport> byTime = Comparator.comparingDouble(report -> report.pace().seconds());
    WorkerReport slowest = reports.stream().max(byTime).orElseThrow();
    return new RoundMetrics(
        after.round(),
        after.cursor().epoch(),
        after.updates(),
        reports.size(),
        round.stragglers(),
        reports.stream().mapToLong(WorkerReport::images).sum(),
        mean(steps, step -> step.figures().total()),
        figures,
        mean(steps, StepMetrics::gradientNorm),
        steps.get(steps.size() - 1).rate(),
        round.deltas(),
        working > 0 ? waiting / working : 0,
        slowest.worker(),
        rate(slowest),
        reports.stream().mapToDouble(RoundMetrics::rate).max().orElseThrow(),
        reports.stream().mapToLong(WorkerReport::processBytes).max().orElseThrow(),
        round.executorBytes(),
        round.workerBytes(),
        times);
  }

  private static double rate(WorkerReport report) {
    double seconds = report.pace().seconds();
    return seconds > 0 ? report.images() / seconds : 0;
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

  /** Every figure under the name that it has in files and on dashboards; only what is finite. */
  public Map<String, Number> named() {
    Map<String, Number> named = new LinkedHashMap<>();
    named.put("round", round);
    named.put("epoch", epoch);
    named.put("updates", updates);
    named.put("workers", workers);
    named.put("stragglers", stragglers);
    named.put("images", images);
    put(named, "seconds", times.seconds());
    put(named, "loss", loss);
    figures.forEach((name, value) -> put(named, name, value));
    put(named, "gradientNorm", gradientNorm);
    put(named, "learningRate", learningRate);
    put(named, "deltaNorm", deltas.worker());
    put(named, "meanDeltaNorm", deltas.mean());
    put(named, "deltaCosine", deltas.cosine());
    put(named, "waitingShare", waitingShare);
    named.put("slowestWorker", slowestWorker);
    put(named, "slowestWorkerRate", slowestRate);
    put(named, "fastestWorkerRate", fastestRate);
    named.put("processBytes", processBytes);
    named.put("executorBytes", executorBytes);
    named.put("workerBytes", workerBytes);
    put(named, "keepSeconds", times.keep());
    put(named, "sendSeconds", times.send());
    put(named, "receiveSeconds", times.receive());
    put(named, "stepSeconds", times.steps());
    put(named, "combineSeconds", times.combine());
    put(named, "collectSeconds", times.collect());
    return named;
  }

  private static void put(Map<String, Number> named, String name, double value) {
    Check.invariant(!named.containsKey(name), "a task has a figure named %s, as every run", name);
    if (Double.isFinite(value)) {
      named.put(name, rounded(value));
    }
  }

  /** Six significant digits; what is not finite stays as it is. */
  public static double rounded(double value) {
    if (!Double.isFinite(value)) {
      return value;
    }
    return new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }
}
