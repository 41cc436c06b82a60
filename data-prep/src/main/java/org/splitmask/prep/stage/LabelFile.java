/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.Split;

/**
 * A tab-separated file of path, label and split. A first line with these names may put the columns
 * in any order and add others, of which {@code group} is read; without it the columns are these
 * three.
 */
final class LabelFile {
  private static final List<String> COLUMNS = List.of("path", "label", "split");
  private static final String GROUP = "group";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final Map<String, Entry> entries = new HashMap<>();
  private int[] columns = {0, 1, 2};
  private int groupColumn = -1;

  private LabelFile(String name) {
    this.name = name;
  }

  /**
   * What the file says of a picture.
   *
   * @param split none where the cell is empty
   * @param group none where there is no such column, or the cell is empty
   */
  record Entry(@Nullable String label, @Nullable Split split, @Nullable String group, int line)
      implements Serializable {}

  /** Reads the file: entries by path relative to the input folder. */
  static Map<String, Entry> read(String location, Configuration hadoop) throws IOException {
    Path path = new Path(location);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    Check.that(fileSystem.exists(path), "no label file at %s (--labels)", location);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(fileSystem.open(path), StandardCharsets.UTF_8))) {
      return read(location, reader);
    }
  }

  static Map<String, Entry> read(String name, BufferedReader reader) throws IOException {
    LabelFile file = new LabelFile(name);
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      String text = number == 1 && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
      if (!text.isBlank()) {
        file.line(number, Arrays.asList(text.split("\t", -1)));
      }
    }
    Check.data(!file.entries.isEmpty(), "the label file %s lists no picture", name);
    return file.entries;
  }

  private void line(int number, List<String> cells) {
    if (number == 1 && isHeader(cells)) {
      header(cells);
      return;
    }
    Check.data(
        cells.size() > Arrays.stream(columns).max().orElseThrow(),
        "line %d of %s has %d columns; path, label and split are needed, with tabs between them",
        number,
        name,
        cells.size());
    String path = cells.get(columns[0]).replaceFirst("^\\./", "");
    String label = cells.get(columns[1]);
    Entry entry =
        new Entry(label.isEmpty() ? null : label, split(number, cells), group(cells), number);
    Entry previous = entries.put(path, entry);
    Check.data(
        previous == null,
        "line %d of %s lists %s again, after line %d; keep one",
        number,
        name,
        path,
        previous == null ? 0 : previous.line());
  }

  private @Nullable String group(List<String> cells) {
    boolean none = groupColumn < 0 || groupColumn >= cells.size();
    return none || cells.get(groupColumn).isEmpty() ? null : cells.get(groupColumn);
  }

  private @Nullable Split split(int number, List<String> cells) {
    String word = cells.get(columns[2]).trim();
    if (word.isEmpty()) {
      return null;
    }
    return Split.of(word)
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.DATA,
                    "line %d of %s has the split '%s'; it must be train, validation, test or empty",
                    number,
                    name,
                    word));
  }

  private static boolean isHeader(List<String> cells) {
    boolean row = cells.size() >= 3 && Split.of(cells.get(2).trim()).isPresent();
    return !row && cells.stream().anyMatch(COLUMNS::contains);
  }

  private void header(List<String> cells) {
    for (String column : COLUMNS) {
      Check.data(
          cells.contains(column),
          "the label file %s has no column %s: its first line names %s; add it",
          name,
          column,
          cells);
    }
    columns = COLUMNS.stream().mapToInt(cells::indexOf).toArray();
    groupColumn = cells.indexOf(GROUP);
  }
}
