/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import org.splitmask.train.local.WorkerReport;

/**
 * How far the workers of a round went, and how far together: Δ_w = θ_w − θ_r.
 *
 * @param worker the mean of ‖Δ_w‖, weighted by images
 * @param mean ‖Δ‖ of the workers' average, before the outer step
 * @param cosine between the Δ of two workers, the mean of all pairs, weighted by images and
 *     lengths; near 1, they go the same way, and could be averaged less often; near 0, each goes
 *     its own. NaN with one worker
 */
public record RoundDeltas(double worker, double mean, double cosine) {

  /**
   * From the lengths alone: with shares p_w, ‖Σ p_w Δ_w‖² = Σ p_w² ‖Δ_w‖² + the products of all
   * pairs.
   *
   * @param mean ‖Σ p_w Δ_w‖
   */
  static RoundDeltas of(List<WorkerReport> reports, double mean) {
    double images = reports.stream().mapToLong(WorkerReport::images).sum();
    double sum = 0;
    double squares = 0;
    for (WorkerReport report : reports) {
      double length = report.images() / images * report.deltaNorm();
      sum += length;
      squares += length * length;
    }
    double pairs = sum * sum - squares;
    double cosine = reports.size() > 1 && pairs > 0 ? (mean * mean - squares) / pairs : Double.NaN;
    return new RoundDeltas(sum, mean, cosine);
  }
}
