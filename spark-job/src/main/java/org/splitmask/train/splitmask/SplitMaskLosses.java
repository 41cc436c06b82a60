/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.train.task.StepFigures;

/**
 * The losses of one step. Without a split there is no match, and all figures of it are NaN.
 *
 * @param inpaint mean cross-entropy over the unseen positions, in nats
 * @param match mean InfoNCE over the 2N rows, in nats
 * @param total what is minimised
 * @param matchAccuracy the share of descriptors whose positive is the nearest candidate
 * @param descriptorDeviation how far the descriptors are spread; towards 0 they have collapsed
 * @param effectiveRank how many directions they are spread over; towards 1 they have collapsed onto
 *     a line
 */
public record SplitMaskLosses(
    double inpaint,
    double match,
    double total,
    double matchAccuracy,
    double descriptorDeviation,
    double effectiveRank) {
  static final String INPAINT = "inpaint";
  static final String MATCH = "match";
  static final String MATCH_ACCURACY = "matchAccuracy";

  /** The figure that falls when descriptors collapse to a point. */
  public static final String DEVIATION = "descriptorDeviation";

  /** The figure that falls when descriptors collapse onto a line. */
  public static final String EFFECTIVE_RANK = "effectiveRank";

  static final SplitMaskLosses NONE =
      new SplitMaskLosses(Double.NaN, Double.NaN, Double.NaN, 0, 0, 0);

  /** The figures of a step, by the names that they have in metrics.jsonl. */
  public StepFigures figures() {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put(INPAINT, inpaint);
    if (!Double.isNaN(match)) {
      named.put(MATCH, match);
      named.put(MATCH_ACCURACY, matchAccuracy);
      named.put(DEVIATION, descriptorDeviation);
      named.put(EFFECTIVE_RANK, effectiveRank);
    }
    return new StepFigures(total, named);
  }
}
