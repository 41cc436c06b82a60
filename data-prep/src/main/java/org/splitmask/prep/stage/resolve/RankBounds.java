/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.splitmask.prep.stage.labels.LabelCount.Places;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;

/** Finds the bounds of a label among the ranks of its new pictures, of which it keeps two. */
public final class RankBounds {
  /** Above every rank, which are hexadecimal digits. */
  private static final String ABOVE_ALL = "g";

  private final Places places;
  private String test = ABOVE_ALL;
  private String validation = ABOVE_ALL;
  private long seen;

  public RankBounds(Places places) {
    this.places = places;
  }

  /** Takes the next rank; they come in ascending order. */
  public void next(String rank) {
    if (seen == places.test()) {
      test = rank;
    }
    if (seen == places.testAndValidation()) {
      validation = rank;
    }
    seen++;
  }

  /** The bounds, when all ranks were taken. */
  public Bounds bounds() {
    return new Bounds(test, validation);
  }
}
