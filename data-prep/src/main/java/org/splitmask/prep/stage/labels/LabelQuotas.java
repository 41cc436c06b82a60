/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.Split;

/** For each label, which of its new pictures go to test and to validation, by their hashes. */
public final class LabelQuotas implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Bounds ALL_TRAIN = new Bounds("", "");

  private final Map<String, Bounds> bounds = new TreeMap<>();

  /**
   * Ranks below which a label's new pictures go where.
   *
   * @param test exclusive
   * @param validation exclusive; not below {@code test}
   */
  public record Bounds(String test, String validation) implements Serializable {}

  public void put(@Nullable String label, Bounds ofLabel) {
    bounds.put(key(label), ofLabel);
  }

  Split split(@Nullable String label, String imageId) {
    Bounds ofLabel = bounds.getOrDefault(key(label), ALL_TRAIN);
    String rank = HashSplit.rank(imageId);
    if (rank.compareTo(ofLabel.test()) < 0) {
      return Split.TEST;
    }
    return rank.compareTo(ofLabel.validation()) < 0 ? Split.VALIDATION : Split.TRAIN;
  }

  /** Pictures without a label are dealt out among themselves. */
  public static String key(@Nullable String label) {
    return label == null ? "" : label;
  }
}
