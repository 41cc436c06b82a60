/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.text.Words;
import org.splitmask.prep.table.Split;

/**
 * Which column of a label file says what.
 *
 * @param split {@link #NONE} where there is no such column; group likewise
 * @param width how many columns there are
 */
record LabelColumns(int path, int label, int split, int group, int width) {
  static final int NONE = -1;

  private static final String PATH = "path";
  private static final String LABEL = "label";
  private static final String SPLIT = "split";
  private static final String GROUP = "group";

  /** What other programs call the path; taken where no column is called path. */
  private static final Set<String> OTHER_PATHS =
      Set.of("filename", "file_name", "file", "filepath", "file_path");

  /** Whether a first line has names of columns, in any case, and says nothing of a picture. */
  static boolean isHeader(List<String> cells) {
    List<String> names = names(cells);
    boolean row = names.size() >= 3 && Split.named(names.get(2)).isPresent();
    return !row && names.stream().anyMatch(Set.of(PATH, LABEL, SPLIT)::contains);
  }

  static LabelColumns ofHeader(String file, List<String> cells) {
    List<String> names = names(cells);
    int label = column(file, names, LABEL);
    Check.data(
        label != NONE,
        "the label file %s has no column label: its first line names %s; add it",
        file,
        cells);
    return new LabelColumns(
        path(file, names, cells),
        label,
        column(file, names, SPLIT),
        column(file, names, GROUP),
        names.size());
  }

  /** Path, label and split, or the first two. */
  static LabelColumns withoutHeader(List<String> cells) {
    return cells.size() == 2
        ? new LabelColumns(0, 1, NONE, NONE, 2)
        : new LabelColumns(0, 1, 2, NONE, 3);
  }

  /** How many columns a line must have at least; the group may be left out at its end. */
  int needed() {
    return 1 + Math.max(Math.max(path, label), split);
  }

  private static int path(String file, List<String> names, List<String> cells) {
    int path = column(file, names, PATH);
    if (path != NONE) {
      return path;
    }
    List<String> others = names.stream().filter(OTHER_PATHS::contains).toList();
    Check.data(
        others.size() == 1,
        "the label file %s has no column path: its first line names %s; call the column with the"
            + " paths path",
        file,
        cells);
    return names.indexOf(others.get(0));
  }

  private static int column(String file, List<String> names, String name) {
    int[] found = IntStream.range(0, names.size()).filter(i -> names.get(i).equals(name)).toArray();
    Check.data(
        found.length < 2,
        "the label file %s has %d columns %s; keep one",
        file,
        found.length,
        name);
    return found.length == 0 ? NONE : found[0];
  }

  private static List<String> names(List<String> cells) {
    return cells.stream().map(cell -> Words.clean(cell).toLowerCase(Locale.ROOT)).toList();
  }
}
