/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.table.Split;

/** How many pictures a label has: in each split, and new ones that are to be dealt out. */
public final class LabelCount implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<Split, Long> known = new EnumMap<>(Split.class);
  private long fresh;

  /**
   * How the new pictures of a label are dealt out, in the order of their ranks.
   *
   * @param test so many go to test
   * @param testAndValidation so many to either
   */
  public record Places(long test, long testAndValidation) implements Serializable {}

  /** Adds a picture. */
  public void add(LabelledPicture picture) {
    if (picture.split() == null) {
      fresh++;
    } else {
      known.merge(picture.split(), 1L, Long::sum);
    }
  }

  public LabelCount plus(LabelCount other) {
    other.known.forEach((split, count) -> known.merge(split, count, Long::sum));
    fresh += other.fresh;
    return this;
  }

  /** As many new pictures as test and validation lack of their shares, rounded. */
  public Places places(SplitConfig shares) {
    long all = fresh + known.values().stream().mapToLong(Long::longValue).sum();
    long test = lacking(Split.TEST, Math.round(all * shares.testShare()));
    long validation = lacking(Split.VALIDATION, Math.round(all * shares.validationShare()));
    return new Places(test, test + validation);
  }

  private long lacking(Split split, long wanted) {
    return Math.max(0, wanted - known.getOrDefault(split, 0L));
  }
}
