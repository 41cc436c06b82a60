/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.loss.MatchLoss.Negatives;

/**
 * What is minimised: inpaintWeight·inpaint + matchWeight·match.
 *
 * @param branches whether images are split
 * @param vocabulary V, the tokens that a patch can be
 * @param inpaintWeight the factor on the inpaint loss
 * @param matchWeight λ; 0 for one branch, which has nothing to match
 * @param matchTemperature τ of InfoNCE
 * @param negatives the candidates of InfoNCE
 */
public record Objective(
    Branches branches,
    int vocabulary,
    double inpaintWeight,
    double matchWeight,
    double matchTemperature,
    Negatives negatives)
    implements Serializable {
  /** How an image goes through the network. */
  public enum Branches {
    /** SplitMask: two disjoint halves, each alone, and a decoder that puts them together. */
    TWO,
    /** BEiT: the image once, with a mask embedding in place of some patches, and no decoder. */
    ONE
  }

  public Objective {
    Check.that(vocabulary >= 2, "vocabulary must be at least 2, was %d", vocabulary);
    Check.that(
        branches == Branches.TWO || inpaintWeight > 0,
        "without a split only inpainting is left: inpaint-weight must be positive, was %s",
        inpaintWeight);
    Check.invariant(branches == Branches.TWO || matchWeight == 0, "one branch has no match");
    Check.that(
        inpaintWeight >= 0 && matchWeight >= 0 && inpaintWeight + matchWeight > 0,
        "inpaint-weight %s and match-weight %s must not be negative, and one must be positive",
        inpaintWeight,
        matchWeight);
    Check.that(
        matchTemperature > 0, "match-temperature must be positive, was %s", matchTemperature);
  }
}
