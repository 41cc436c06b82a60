/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.task.StepFigures;

class RoundMetricsTest {
  @Test
  void meansAreWeightedByTheImagesOfEachStep() {
    RoundMetrics metrics =
        of(
            report(0, new Pace(3, 0, 1), step(1, 8.0, 0.5, 0.1, 2.0), step(3, 4.0, 0.25, 0.2, 6.0)),
            report(1, new Pace(5, 0, 0.5), step(4, 2.0, 1.0, 0.3, 1.0)));

    assertThat(metrics.workers()).isEqualTo(2);
    assertThat(metrics.stragglers()).isEqualTo(2);
    assertThat(metrics.images()).isEqualTo(8);
    assertThat(metrics.loss()).isEqualTo((1 * 8.0 + 3 * 4.0 + 4 * 2.0) / 8);
    assertThat(metrics.figures())
        .containsExactly(
            Map.entry("share", 0.65625), Map.entry("doubled", 2 * 28.0 / 8)); // in the task's order
    assertThat(metrics.gradientNorm()).isEqualTo((1 * 2.0 + 3 * 6.0 + 4 * 1.0) / 8);
    assertThat(metrics.learningRate()).as("of the last step").isEqualTo(0.3);
  }

  @Test
  void theStateAfterTheRoundSaysWhereTheRunIs() {
    RoundMetrics metrics = of(report(0, new Pace(1, 0, 0), step(1, 1, 1, 1, 1)));

    assertThat(metrics.round()).isEqualTo(7);
    assertThat(metrics.updates()).isEqualTo(40);
    assertThat(metrics.epoch()).isEqualTo(2);
    assertThat(metrics.named()).as("six digits").containsEntry("seconds", 1.23457);
  }

  @Test
  void theShareOfWaitingIsThatOfAllWorkersTogether() {
    StepMetrics step = step(1, 1, 1, 1, 1);

    assertThat(
            of(report(0, new Pace(6, 0, 3), step), report(1, new Pace(2, 0, 0), step))
                .waitingShare())
        .isEqualTo(0.375);
    assertThat(of(report(0, new Pace(0, 0, 0), step)).waitingShare())
        .as("a clock that is too coarse")
        .isZero();
  }

  @Test
  void theSlowestAndTheFastestWorkerAreTold() {
    RoundMetrics metrics =
        of(
            report(0, new Pace(2, 0, 0), step(8, 1, 1, 1, 1)),
            report(1, new Pace(4, 0, 0), step(8, 1, 1, 1, 1)),
            report(2, new Pace(1, 0, 0), step(6, 1, 1, 1, 1)));

    assertThat(metrics.named())
        .containsEntry("processBytes", 3_000_000L)
        .containsEntry("slowestWorker", 1)
        .containsEntry("slowestWorkerRate", 2.0)
        .containsEntry("fastestWorkerRate", 6.0)
        .containsEntry("executorBytes", 1200L)
        .containsEntry("workerBytes", 500L);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    RoundMetrics alone = of(report(0, new Pace(1, 0, 0), step(1, Double.NaN, 1, 1, 1)));

    assertThat(alone.named()).doesNotContainKeys("loss", "doubled", "deltaCosine");
    assertThat(alone.named()).containsKeys("share", "deltaNorm");
  }

  @Test
  void figuresHaveSixDigitsAndWhatIsNotFiniteStays() {
    assertThat(RoundMetrics.rounded(1234567.89)).isEqualTo(1234570.0);
    assertThat(RoundMetrics.rounded(-0.000123456789)).isEqualTo(-0.000123457);
    assertThat(RoundMetrics.rounded(0.1)).isEqualTo(0.1);
    assertThat(RoundMetrics.rounded(Double.NaN)).isNaN();
    assertThat(RoundMetrics.rounded(Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  private static RoundMetrics of(WorkerReport... reports) {
    VectorStore vectors = VectorStore.create(1, Long.MAX_VALUE, Path.of(""));
    TrainingState after = new TrainingState(7, 40, vectors, new Cursor(2, 40, 0, 0, List.of()));
    RoundTimes times = RoundTimes.of(1.23456789, 0, 0, 0, List.of(reports));
    return RoundMetrics.of(
        new RoundTries.Averaged(
            after, List.of(reports), 2, RoundDeltas.of(List.of(reports), 1), 0, 0, 1200, 500),
        times);
  }

  private static WorkerReport report(int worker, Pace pace, StepMetrics... steps) {
    List<StepMetrics> all = List.of(steps);
    return new WorkerReport(
        worker,
        all.stream().mapToLong(StepMetrics::images).sum(),
        all,
        1,
        pace,
        1_000_000L * (worker + 1));
  }

  private static StepMetrics step(
      int images, double loss, double share, double rate, double gradientNorm) {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put("share", share);
    named.put("doubled", 2 * loss);
    return new StepMetrics(images, new StepFigures(loss, named), rate, gradientNorm);
  }
}
