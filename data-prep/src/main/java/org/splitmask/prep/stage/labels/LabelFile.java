/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.text.Words;
import org.splitmask.prep.table.Split;

/**
 * A tab-separated file of path, label and split. A first line with these names may put the columns
 * in any order and add others, of which {@code group} is read; without it the columns are these
 * three, or the first two. What cannot be understood is refused with its line: a wrong guess would
 * make one class of two, and nobody would see it.
 */
public final class LabelFile {
  private static final Logger LOG = LoggerFactory.getLogger(LabelFile.class);
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final Consumer<ListedLine> each;
  private PathKinds kinds = PathKinds.NONE;
  private int replaced;
  private int firstReplaced;
  private @Nullable LabelColumns columns;

  private LabelFile(String name, Consumer<ListedLine> each) {
    this.name = name;
    this.each = each;
  }

  /**
   * Reads the file line by line, and keeps none of them.
   *
   * @param each gets the lines that name a picture
   */
  public static PathKinds read(String location, Configuration hadoop, Consumer<ListedLine> each)
      throws IOException {
    Path path = new Path(location);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    Check.that(fileSystem.exists(path), "no label file at %s (--labels)", location);
    try (InputStream in = fileSystem.open(path)) {
      return read(location, in, each);
    }
  }

  static PathKinds read(String name, InputStream in, Consumer<ListedLine> each) throws IOException {
    LabelFile file = new LabelFile(name, each);
    LabelLines lines = new LabelLines(name, in);
    for (String line = lines.next(); line != null; line = lines.next()) {
      boolean comment = file.columns == null && line.startsWith("#") && line.indexOf('\t') < 0;
      if (!comment && !Words.strip(line).isEmpty()) {
        file.line(lines.number(), Arrays.asList(line.split("\t", -1)));
      }
    }
    Check.data(file.kinds.lines() > 0, "the label file %s lists no picture", name);
    file.warn();
    return file.kinds;
  }

  private void line(int number, List<String> cells) {
    LabelColumns known = columns;
    if (known == null) {
      List<String> first = cells.stream().map(cell -> unquoted(number, cell)).toList();
      boolean header = LabelColumns.isHeader(first);
      columns = header ? LabelColumns.ofHeader(name, first) : LabelColumns.withoutHeader(first);
      if (!header) {
        line(number, cells);
      }
      return;
    }
    checkWidth(number, cells, known);
    String written = cell(number, cells, known.path());
    Check.data(
        !Words.strip(written).isEmpty(),
        "line %d of %s has no path in column %d; every line needs one",
        number,
        name,
        known.path() + 1);
    ListedLine line =
        new ListedLine(
            number,
            ListedPath.of(written),
            ListedPath.isLocalUri(written) ? written : null,
            word(number, cells, known.label()),
            split(number, cells, known),
            word(number, cells, known.group()));
    kinds = kinds.and(line);
    each.accept(line);
  }

  private void checkWidth(int number, List<String> cells, LabelColumns known) {
    if (cells.size() < known.needed()) {
      String line = cells.get(0);
      boolean separated = line.indexOf(',') >= 0 || line.indexOf(';') >= 0;
      // Commas are not read: labels and paths have them, too, and no line says which they are.
      throw Check.failure(
          Blame.DATA,
          "line %d of %s has %d columns, %d are needed; path, label and split have tabs between"
              + " them%s",
          number,
          name,
          cells.size(),
          known.needed(),
          cells.size() == 1 && separated
              ? ", and this line has commas or semicolons: save the file as tab-separated text"
              : "");
    }
    for (int i = known.width(); i < cells.size(); i++) {
      Check.data(
          Words.strip(cells.get(i)).isEmpty(),
          "line %d of %s has %d columns, and %d are known: a tab too many, or a column that the"
              + " first line should name",
          number,
          name,
          cells.size(),
          known.width());
    }
  }

  private @Nullable Split split(int number, List<String> cells, LabelColumns known) {
    String word = word(number, cells, known.split());
    if (word == null) {
      return null;
    }
    return Split.named(word)
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.DATA,
                    "line %d of %s has the split '%s'; it must be train, validation (val, valid,"
                        + " dev), test or empty",
                    number,
                    name,
                    word));
  }

  private @Nullable String word(int number, List<String> cells, int column) {
    if (column == LabelColumns.NONE || column >= cells.size()) {
      return null;
    }
    String word = Words.clean(cell(number, cells, column));
    if (word.indexOf(REPLACEMENT) >= 0) {
      replaced++;
      firstReplaced = replaced == 1 ? number : firstReplaced;
    }
    return word.isEmpty() ? null : word;
  }

  private String cell(int number, List<String> cells, int column) {
    String cell = cells.get(column);
    String fault = Words.fault(cell);
    if (fault != null) {
      throw Check.failure(
          Blame.DATA,
          "line %d of %s has %s in column %d; take it out: two names that differ only in it would"
              + " look the same",
          number,
          name,
          fault,
          column + 1);
    }
    return unquoted(number, cell);
  }

  /**
   * A cell without the quotes that spreadsheets put around it. Quotes that are not of that kind are
   * part of the text; a cell that only begins with one was cut at a tab or line end inside it.
   */
  private String unquoted(int number, String cell) {
    String text = Words.strip(cell);
    if (!text.startsWith("\"")) {
      return cell;
    }
    Check.data(
        text.chars().filter(c -> c == '"').count() % 2 == 0,
        "line %d of %s has a cell that begins with a double quote and does not end with one: %s;"
            + " tabs and line ends inside cells are not read",
        number,
        name,
        text);
    String inside = text.substring(1, text.length() - 1);
    boolean quoted = text.endsWith("\"") && !inside.replace("\"\"", "").contains("\"");
    return quoted ? inside.replace("\"\"", "\"") : cell;
  }

  private void warn() {
    if (replaced > 0) {
      LOG.warn(
          "{} cells of {} have U+FFFD, the first in line {}: another program wrote it in place"
              + " of letters that it could not read, so that classes which differed only in"
              + " these letters are one now",
          replaced,
          name,
          firstReplaced);
    }
  }
}
