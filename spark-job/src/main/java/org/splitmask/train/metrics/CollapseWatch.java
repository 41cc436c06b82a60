/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.util.Locale;
import java.util.Optional;

/**
 * Notices when the descriptors of all pictures become one, or lie on a line: matching has then
 * nothing to tell apart, and what follows is a waste of time. A fresh encoder's deviation is about
 * 0.3, and one that learns has effective ranks far above 2.
 */
public final class CollapseWatch {
  private static final double LEAST_DEVIATION = 0.05;
  private static final double LEAST_RANK = 1.5;

  /** One round may be chance. */
  private static final int ROUNDS = 3;

  private int suspicious;

  /**
   * Looks at a round.
   *
   * @return the warning, once, after the third such round in a row
   */
  public Optional<String> look(int round, double deviation, double effectiveRank) {
    boolean collapsed = deviation < LEAST_DEVIATION || effectiveRank < LEAST_RANK;
    suspicious = collapsed ? suspicious + 1 : 0;
    return suspicious == ROUNDS
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "round %d: the descriptors have collapsed (deviation %.3f, below %s, or effective"
                    + " rank %.2f, below %s, three rounds in a row): the encoder no longer tells"
                    + " pictures apart; lower learning-rate, raise batch-size or warmup-share",
                round,
                deviation,
                LEAST_DEVIATION,
                effectiveRank,
                LEAST_RANK))
        : Optional.empty();
  }
}
