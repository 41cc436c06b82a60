/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.util.HashMap;
import java.util.Map;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.Split;

/** Sees to it that all pictures of a group that a label file names are in one split. */
public final class LabelGroups {
  private LabelGroups() {}

  /** Gives a split that the file says of one picture of a group to the others of the group. */
  public static LabelEntries unite(String name, LabelEntries entries) {
    Map<String, Decided> decided = new HashMap<>();
    boolean grouped = false;
    for (LabelEntry entry : entries.byPath().values()) {
      grouped |= entry.group() != null;
      if (entry.group() != null && entry.split() != null) {
        Decided now = new Decided(entry.split(), entry.line());
        Decided before = decided.putIfAbsent(entry.group(), now);
        if (before != null && before.split != now.split) {
          throw straddling(name, entry.group(), before, now);
        }
      }
    }
    Check.data(
        grouped,
        "the label file %s has no column group, or an empty one; split-by=group needs it",
        name);
    Map<String, LabelEntry> united = new HashMap<>();
    entries
        .byPath()
        .forEach(
            (path, entry) -> {
              Decided first = entry.group() == null ? null : decided.get(entry.group());
              united.put(
                  path,
                  first == null
                      ? entry
                      : new LabelEntry(entry.label(), first.split, entry.group(), entry.line()));
            });
    return entries.with(united);
  }

  private static SplitMaskException straddling(String name, String group, Decided a, Decided b) {
    return Check.failure(
        Blame.DATA,
        "line %d of %s puts the group %s into the split %s, line %d into %s; with split-by=group a"
            + " group is in one",
        a.line,
        name,
        group,
        a.split.word(),
        b.line,
        b.split.word());
  }

  private record Decided(Split split, int line) {}
}
