/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.SourceItem;

/**
 * What a label file says, by path.
 *
 * @param byPath paths as {@link ListedPath#of} writes them
 * @param loosely of paths as {@link ListedPath#loosely} writes them, those of {@code byPath} that
 *     it writes in another way
 * @param found by the whole path of the file, where a line means it loosely
 * @param absolute whether some paths are
 */
public record LabelEntries(
    Map<String, LabelEntry> byPath,
    Map<String, List<String>> loosely,
    Map<String, LabelEntry> found,
    boolean absolute)
    implements Serializable {

  /** The same paths with other entries. */
  LabelEntries with(Map<String, LabelEntry> entries) {
    return new LabelEntries(entries, loosely, found, absolute);
  }

  /** The same with the files that lines mean loosely. */
  LabelEntries withFound(Map<String, LabelEntry> files) {
    return new LabelEntries(byPath, loosely, files, absolute);
  }

  /** What is said of a file. */
  @Nullable LabelEntry of(SourceItem item) {
    for (String name : ListedPath.names(item, absolute)) {
      LabelEntry entry = byPath.get(name);
      if (entry != null) {
        return entry;
      }
    }
    return found.isEmpty() ? null : found.get(item.path());
  }

  /** The lines with exactly a name of the file; there may be two, as a path and as a URI. */
  Set<Integer> exactLines(SourceItem item) {
    Set<Integer> lines = new LinkedHashSet<>();
    for (String name : ListedPath.names(item, absolute)) {
      add(lines, byPath.get(name));
    }
    return lines;
  }

  /** The lines that mean the file, or another one of nearly its name. */
  Set<Integer> looseLines(SourceItem item) {
    Set<Integer> lines = new LinkedHashSet<>();
    for (String name : ListedPath.names(item, absolute)) {
      String loose = ListedPath.loosely(ListedPath.steps(name));
      add(lines, byPath.get(loose));
      loosely.getOrDefault(loose, List.of()).forEach(path -> add(lines, byPath.get(path)));
    }
    return lines;
  }

  private static void add(Set<Integer> lines, @Nullable LabelEntry entry) {
    if (entry != null) {
      lines.add(entry.line());
    }
  }
}
