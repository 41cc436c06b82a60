/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.stage.labels.ListedFault;
import org.splitmask.prep.table.Split;

/**
 * The splits that a label file names for the pictures of one group, each with its first line. All
 * pictures of the group are in the first of them, and there may be no other.
 */
public record GroupSplits(Map<Split, Integer> lines) implements Serializable {
  /** What one line says, which names a split. */
  public static GroupSplits of(Split split, int line) {
    return new GroupSplits(new EnumMap<>(Map.of(split, line)));
  }

  /** Both together. */
  public GroupSplits plus(GroupSplits other) {
    Map<Split, Integer> all = new EnumMap<>(lines);
    other.lines.forEach((split, line) -> all.merge(split, line, Math::min));
    return new GroupSplits(all);
  }

  /** The split of the group. */
  public Split split() {
    return first(lines).getKey();
  }

  /**
   * Why the group has no split; none if it has.
   *
   * @param labels the label file's name, for the message
   */
  public @Nullable ListedFault fault(String labels, String group) {
    if (lines.size() == 1) {
      return null;
    }
    Entry<Split, Integer> first = first(lines);
    Map<Split, Integer> others = new EnumMap<>(lines);
    others.remove(first.getKey());
    Entry<Split, Integer> second = first(others);
    return ListedFault.of(
        ListedFault.Kind.CONTRADICTION,
        second.getValue(),
        "line %d of %s puts the group %s into the split %s, line %d into %s; with"
            + " split-by=group a group is in one",
        first.getValue(),
        labels,
        group,
        first.getKey().word(),
        second.getValue(),
        second.getKey().word());
  }

  private static Entry<Split, Integer> first(Map<Split, Integer> lines) {
    return lines.entrySet().stream().min(Entry.comparingByValue()).orElseThrow();
  }
}
