/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.splitmask.prep.table.Split;

/**
 * The splits that are named for the pictures of one group, each with the first place that names it.
 * All pictures of the group are in the first of them, and there may be no other.
 *
 * @param <P> what a place is: the number of a line, or a path
 */
public record GroupSplits<P extends Comparable<P> & Serializable>(Map<Split, P> places)
    implements Serializable {
  /** What one place names. */
  public static <P extends Comparable<P> & Serializable> GroupSplits<P> of(Split split, P place) {
    return new GroupSplits<>(new EnumMap<>(Map.of(split, place)));
  }

  /** Both together. */
  public GroupSplits<P> plus(GroupSplits<P> other) {
    Map<Split, P> all = new EnumMap<>(places);
    other.places.forEach((split, place) -> all.merge(split, place, GroupSplits::first));
    return new GroupSplits<>(all);
  }

  /** The split of the group. */
  public Split split() {
    return inOrder().get(0).getKey();
  }

  /** Whether the group is in several splits. */
  public boolean contradicts() {
    return places.size() > 1;
  }

  /** Its splits, the one that is named first in front. */
  List<Entry<Split, P>> inOrder() {
    return places.entrySet().stream().sorted(Entry.comparingByValue()).toList();
  }

  private static <P extends Comparable<P>> P first(P a, P b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
