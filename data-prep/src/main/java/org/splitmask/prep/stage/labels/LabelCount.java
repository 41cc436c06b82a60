/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;
import org.splitmask.prep.table.Split;

/** The pictures of one label: how many each split has, and the ranks of those that are new. */
public final class LabelCount implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Above every rank, which are hexadecimal digits. */
  private static final String ABOVE_ALL = "g";

  private final Map<Split, Long> known = new EnumMap<>(Split.class);
  private final List<String> newRanks = new ArrayList<>();

  public void addKnown(Split split) {
    known.merge(split, 1L, Long::sum);
  }

  public void addNew(String imageId) {
    newRanks.add(HashSplit.rank(imageId));
  }

  public LabelCount plus(LabelCount other) {
    other.known.forEach((split, count) -> known.merge(split, count, Long::sum));
    newRanks.addAll(other.newRanks);
    return this;
  }

  /** As many new pictures as test and validation lack of their shares, rounded. */
  public Bounds bounds(SplitConfig shares) {
    Collections.sort(newRanks);
    long all = newRanks.size() + known.values().stream().mapToLong(Long::longValue).sum();
    long test = lacking(Split.TEST, Math.round(all * shares.testShare()), newRanks.size());
    long left = newRanks.size() - test;
    long validation = lacking(Split.VALIDATION, Math.round(all * shares.validationShare()), left);
    return new Bounds(rankAt(test), rankAt(test + validation));
  }

  private long lacking(Split split, long wanted, long available) {
    return Math.min(available, Math.max(0, wanted - known.getOrDefault(split, 0L)));
  }

  private String rankAt(long place) {
    return place < newRanks.size() ? newRanks.get((int) place) : ABOVE_ALL;
  }
}
