/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.splitmask.prep.table.Split;

/**
 * The splits that a label file names for the pictures of one group, each with its first line. All
 * pictures of the group are in the first of them, and there may be no other.
 */
record GroupSplits(Map<Split, Integer> lines) implements Serializable {
  /** What one line says, which names a split. */
  static GroupSplits of(Split split, int line) {
    return new GroupSplits(new EnumMap<>(Map.of(split, line)));
  }

  /** Both together. */
  GroupSplits plus(GroupSplits other) {
    Map<Split, Integer> all = new EnumMap<>(lines);
    other.lines.forEach((split, line) -> all.merge(split, line, Math::min));
    return new GroupSplits(all);
  }

  /** The split of the group. */
  Split split() {
    return inOrder().get(0).getKey();
  }

  /** Whether the group is in several splits. */
  boolean contradicts() {
    return lines.size() > 1;
  }

  /** Its splits, the one that is named first in front. */
  List<Entry<Split, Integer>> inOrder() {
    return lines.entrySet().stream().sorted(Entry.comparingByValue()).toList();
  }
}
