/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.Comparator;
import java.util.List;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;

/**
 * Where the time of a round went, in seconds of the driver's clock; the parts add up to the whole.
 *
 * @param seconds from the end of the round before to the end of this one
 * @param keep to write the metrics of the round before, and to begin its checkpoint
 * @param send to give the state to Spark
 * @param receive until the slowest worker had the state
 * @param steps of the slowest worker
 * @param combine the rest: averaging on the executors, Spark's scheduling, tries that failed, and
 *     the turns of workers that are more than the slots
 * @param collect to bring the averages to the driver and take the outer step
 */
public record RoundTimes(
    double seconds,
    double keep,
    double send,
    double receive,
    double steps,
    double combine,
    double collect) {

  /**
   * Of the times that the driver measured, and the slowest of the workers.
   *
   * @param reports of at least one worker
   */
  static RoundTimes of(
      double seconds, double keep, double send, double collect, List<WorkerReport> reports) {
    Pace slowest =
        reports.stream()
            .map(WorkerReport::pace)
            .max(Comparator.comparingDouble(Pace::seconds))
            .orElseThrow();
    double steps = slowest.seconds() - slowest.receiving();
    double combine = seconds - keep - send - slowest.seconds() - collect;
    // The workers measure with clocks of their own.
    return new RoundTimes(
        seconds, keep, send, slowest.receiving(), steps, Math.max(0, combine), collect);
  }
}
