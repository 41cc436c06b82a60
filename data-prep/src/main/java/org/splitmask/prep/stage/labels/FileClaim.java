/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;

/**
 * The lines of a label file that mean a file.
 *
 * @param exact with exactly a name of the file; there may be two, as a path and as a URI
 * @param loose that mean no other file
 */
public record FileClaim(SourceItem item, List<ListedLine> exact, List<ListedLine> loose)
    implements Serializable {
  /** What another key has for the same file, too. */
  public FileClaim plus(FileClaim other) {
    return new FileClaim(item, joined(exact, other.exact), joined(loose, other.loose));
  }

  private static List<ListedLine> joined(List<ListedLine> some, List<ListedLine> others) {
    List<ListedLine> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /**
   * Why the lines cannot all be right; none if they can.
   *
   * @param labels the label file's name, for the message
   */
  @Nullable ListedFault fault(String labels) {
    List<ListedLine> all = joined(exact, loose);
    all.sort(Comparator.comparingInt(ListedLine::number));
    for (ListedLine line : all) {
      ListedLine first = all.get(0);
      if (!line.agrees(first)) {
        return ListedFault.of(
            ListedFault.Kind.CONTRADICTION,
            line.number(),
            "lines %d and %d of %s both mean %s and contradict each other; keep one",
            first.number(),
            line.number(),
            labels,
            item.relativePath());
      }
    }
    return null;
  }

  /** The file with what the lines say in the place of what its source says; none where no line. */
  public SourceItem labelled() {
    List<ListedLine> all = exact.isEmpty() ? loose : exact;
    if (all.isEmpty()) {
      return item.withHints(null);
    }
    ListedLine line = all.get(0);
    String split = line.split() == null ? null : line.split().word();
    return item.withHints(new Hints(line.label(), split, line.group()));
  }
}
