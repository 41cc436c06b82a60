/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.io.Serializable;

/**
 * The losses of one step. Without a split there is no match, and all that tells of it is NaN.
 *
 * @param inpaint mean cross-entropy over the unseen positions, in nats
 * @param match mean InfoNCE over the 2N rows, in nats
 * @param total what is minimised
 * @param matchAccuracy the share of descriptors whose positive is the nearest candidate
 * @param descriptorDeviation how far the descriptors are spread; towards 0 they have collapsed
 * @param effectiveRank how many directions they are spread over; towards 1 they have collapsed onto
 *     a line
 */
public record StepLosses(
    double inpaint,
    double match,
    double total,
    double matchAccuracy,
    double descriptorDeviation,
    double effectiveRank)
    implements Serializable {
  static final StepLosses NONE = new StepLosses(Double.NaN, Double.NaN, Double.NaN, 0, 0, 0);

  /** All of them weighted, so that mini-batches can be averaged. */
  public StepLosses times(double weight) {
    return new StepLosses(
        weight * inpaint,
        weight * match,
        weight * total,
        weight * matchAccuracy,
        weight * descriptorDeviation,
        weight * effectiveRank);
  }

  /** The sum of what was weighted. */
  public StepLosses plus(StepLosses other) {
    return new StepLosses(
        inpaint + other.inpaint,
        match + other.match,
        total + other.total,
        matchAccuracy + other.matchAccuracy,
        descriptorDeviation + other.descriptorDeviation,
        effectiveRank + other.effectiveRank);
  }
}
