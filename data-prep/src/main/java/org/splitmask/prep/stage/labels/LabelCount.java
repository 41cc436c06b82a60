/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;
import org.splitmask.prep.table.Split;

/** The pictures of one label: how many each split has, and the ranks of those that are new. */
public final class LabelCount implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Above every rank, which are hexadecimal digits. */
  private static final String ABOVE_ALL = "g";

  /** What one list holds, and one task's memory hardly. */
  static final int MOST_NEW = Integer.MAX_VALUE - 8;

  private final Map<Split, Long> known = new EnumMap<>(Split.class);
  private final List<String> newRanks = new ArrayList<>();

  public void addKnown(Split split) {
    known.merge(split, 1L, Long::sum);
  }

  public void addNew(String imageId) {
    checkNew(newRanks.size() + 1L);
    newRanks.add(HashSplit.rank(imageId));
  }

  public LabelCount plus(LabelCount other) {
    other.known.forEach((split, count) -> known.merge(split, count, Long::sum));
    checkNew((long) newRanks.size() + other.newRanks.size());
    newRanks.addAll(other.newRanks);
    return this;
  }

  /** As many new pictures as test and validation lack of their shares, rounded. */
  public Bounds bounds(SplitConfig shares) {
    Collections.sort(newRanks);
    long all = newRanks.size() + known.values().stream().mapToLong(Long::longValue).sum();
    long test = lacking(Split.TEST, Math.round(all * shares.testShare()));
    long validation = lacking(Split.VALIDATION, Math.round(all * shares.validationShare()));
    return new Bounds(rankAt(test), rankAt(test + validation));
  }

  /**
   * Refuses more new pictures of a label than can be dealt out.
   *
   * @param count of them
   */
  static void checkNew(long count) {
    Check.that(
        count <= MOST_NEW,
        "one label has %d new pictures, and split-by=label deals out %d at most in one run; prepare"
            + " the inputs in several runs, or set split-by=hash",
        count,
        MOST_NEW);
  }

  private long lacking(Split split, long wanted) {
    return Math.max(0, wanted - known.getOrDefault(split, 0L));
  }

  /** The rank at a place; above all where there are not so many. */
  private String rankAt(long place) {
    return place < newRanks.size() ? newRanks.get((int) place) : ABOVE_ALL;
  }
}
