/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.table.Split;

/** Deals pictures out to splits by their content, so that every rerun deals alike. */
final class HashSplit {
  private static final int TAIL_DIGITS = 13;
  private static final double RANGE = Math.pow(16, TAIL_DIGITS);

  private HashSplit() {}

  /** What decides: the last 13 of 64 hexadecimal digits, because rows are ordered by the first. */
  static String rank(String imageId) {
    return imageId.substring(imageId.length() - TAIL_DIGITS);
  }

  /**
   * The split of a picture.
   *
   * @param imageId 64 hexadecimal digits
   */
  static Split of(String imageId, SplitConfig shares) {
    double at = Long.parseLong(rank(imageId), 16) / RANGE;
    if (at < shares.testShare()) {
      return Split.TEST;
    }
    return at < shares.testShare() + shares.validationShare() ? Split.VALIDATION : Split.TRAIN;
  }
}
