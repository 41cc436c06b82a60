/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.loss.MatchLoss.Negatives;

/**
 * What is minimised: inpaintWeight·inpaint + matchWeight·match.
 *
 * @param vocabulary V, the tokens that a patch can be
 * @param inpaintWeight the factor on the inpaint loss
 * @param matchWeight λ
 * @param matchTemperature τ of InfoNCE
 * @param negatives the candidates of InfoNCE
 */
public record Objective(
    int vocabulary,
    double inpaintWeight,
    double matchWeight,
    double matchTemperature,
    Negatives negatives)
    implements Serializable {
  public Objective {
    Check.that(vocabulary >= 2, "vocabulary must be at least 2, was %d", vocabulary);
    Check.that(
        inpaintWeight >= 0 && matchWeight >= 0 && inpaintWeight + matchWeight > 0,
        "inpaint-weight %s and match-weight %s must not be negative, and one must be positive",
        inpaintWeight,
        matchWeight);
    Check.that(
        matchTemperature > 0, "match-temperature must be positive, was %s", matchTemperature);
  }
}
