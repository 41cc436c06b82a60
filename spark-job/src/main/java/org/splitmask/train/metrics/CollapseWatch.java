/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.averaging.RoundResult;

/**
 * Notices when the descriptors of all pictures become one, or lie on a line: matching has then
 * nothing to tell apart, and what follows is a waste of time. A fresh encoder's deviation is about
 * 0.3, and one that learns has effective ranks far above 2.
 */
public final class CollapseWatch implements RoundListener {
  private static final Logger LOG = LoggerFactory.getLogger(CollapseWatch.class);
  private static final double LEAST_DEVIATION = 0.05;
  private static final double LEAST_RANK = 1.5;

  /** One round may be chance. */
  private static final int ROUNDS = 3;

  private final String deviationName;
  private final String rankName;
  private int suspicious;

  /**
   * A watch.
   *
   * @param deviation the name of the figure that falls to 0 when descriptors become one
   * @param effectiveRank the name of the figure that falls to 1 when they lie on a line
   */
  public CollapseWatch(String deviation, String effectiveRank) {
    this.deviationName = deviation;
    this.rankName = effectiveRank;
  }

  @Override
  public void onRound(RoundResult result) {
    RoundMetrics metrics = result.metrics();
    double deviation = metrics.figures().getOrDefault(deviationName, Double.NaN);
    double effectiveRank = metrics.figures().getOrDefault(rankName, Double.NaN);
    look(metrics.round(), deviation, effectiveRank).ifPresent(LOG::warn);
  }

  /**
   * Looks at a round.
   *
   * @return the warning, once, after the third such round in a row
   */
  Optional<String> look(int round, double deviation, double effectiveRank) {
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
