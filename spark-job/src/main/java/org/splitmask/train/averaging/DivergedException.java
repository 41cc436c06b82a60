/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.Locale;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.local.WorkerReport;

/** A worker came to a loss, gradient or parameters that are no finite numbers. */
final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String told;

  private DivergedException(String message) {
    super(message);
    this.told = message;
  }

  /** What people are told of it, where the run ends here. */
  SplitMaskException asFailure() {
    return new SplitMaskException(Blame.USER, told, this);
  }

  /**
   * Refuses such a worker, the first by number.
   *
   * @param state from which the round began
   */
  static void check(List<WorkerReport> reports, TrainingState state) {
    for (WorkerReport report : reports) {
      if (!report.isFinite()) {
        throw new DivergedException(message(report, state));
      }
    }
  }

  private static String message(WorkerReport report, TrainingState state) {
    StepMetrics last = report.steps().get(report.steps().size() - 1);
    String what =
        last.isFinite() ? "a parameter is not finite" : "the loss is " + last.figures().total();
    return String.format(
        Locale.ROOT,
        "%s at update %d (round %d, worker %d, learning rate %.3g, gradient norm %s); nothing of"
            + " this round is kept, and the last checkpoint is intact. Lower learning-rate or"
            + " clip-norm, raise warmup-share, or give rate-halvings to try such a round again at"
            + " half the rate",
        what,
        state.updates() + report.steps().size(),
        state.round() + 1,
        report.worker(),
        last.rate(),
        last.gradientNorm());
  }
}
