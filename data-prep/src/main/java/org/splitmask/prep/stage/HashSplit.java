/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.table.Split;

/** Deals pictures out to splits by their content, so that every rerun deals alike. */
final class HashSplit {
  private static final int TAIL_DIGITS = 13;
  private static final double RANGE = Math.pow(16, TAIL_DIGITS);

  private HashSplit() {}

  /**
   * The split of a picture.
   *
   * @param imageId 64 hexadecimal digits; the last 13 decide, because rows are ordered by the first
   */
  static Split of(String imageId, SplitConfig shares) {
    long tail = Long.parseLong(imageId.substring(imageId.length() - TAIL_DIGITS), 16);
    double at = tail / RANGE;
    if (at < shares.testShare()) {
      return Split.TEST;
    }
    return at < shares.testShare() + shares.validationShare() ? Split.VALIDATION : Split.TRAIN;
  }
}
