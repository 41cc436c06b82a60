/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.BrokenItemException.Kind;

/**
 * The rows of a Parquet file as items, one after the other: only names and labels are read. It
 * closes itself behind the last row.
 */
final class ParquetListing implements Iterator<Found> {
  private final ContainerFile file;
  private final long rows;
  private final List<ParquetColumn> open = new ArrayList<>();
  private @Nullable ParquetColumn names;
  private @Nullable ParquetColumn labels;
  private @Nullable ParquetColumn splits;
  private @Nullable ParquetColumn groups;
  private long row;

  /** What is to be said behind the last row. */
  private Found.@Nullable Damage damage;

  private ParquetListing(ContainerFile file, long rows) {
    this.file = file;
    this.rows = rows;
  }

  /**
   * Opens a file.
   *
   * @throws BrokenItemException if its columns cannot be read
   * @throws org.splitmask.common.failure.SplitMaskException if a column is missing or of a wrong
   *     type
   */
  static Iterator<Found> open(ParquetFooter footer, ContainerFile file, Configuration hadoop)
      throws IOException {
    ParquetColumns columns = file.columns();
    footer.checkBytes(columns.bytes());
    ParquetListing listing = new ParquetListing(file, footer.rows());
    boolean complete = false;
    try {
      listing.names = listing.text(footer, columns.name(), hadoop);
      listing.labels = listing.text(footer, columns.label(), hadoop);
      listing.splits = listing.text(footer, columns.split(), hadoop);
      listing.groups = listing.text(footer, columns.group(), hadoop);
      complete = true;
    } finally {
      if (!complete) {
        listing.close();
      }
    }
    return listing;
  }

  @Override
  public boolean hasNext() {
    return row < rows || damage != null;
  }

  @Override
  public Found next() {
    if (row >= rows) {
      Found last = damage;
      damage = null;
      if (last == null) {
        throw new NoSuchElementException();
      }
      return last;
    }
    SourceItem item;
    try {
      item = item();
      row++;
    } catch (BrokenItemException e) {
      String detail =
          "its columns cannot be read from row %d on, which are lost: %s"
              .formatted(row, e.getMessage());
      item = file.broken(Kind.UNREADABLE, detail);
      // The item stands for one of the rows.
      damage = new Found.Damage(file.prefix(), detail, rows - row - 1);
      row = rows;
    }
    if (row == rows) {
      close();
    }
    return new Found.Item(item);
  }

  private SourceItem item() throws BrokenItemException {
    String given = at(names);
    String name = given == null ? String.format(Locale.ROOT, "row-%08d", row) : given;
    String label = at(labels);
    return file.item(
        name,
        SourceItem.UNKNOWN_SIZE,
        new ParquetCell(file.path(), file.columns().bytes(), row),
        Hints.of(label, at(splits), at(groups)));
  }

  private @Nullable String at(@Nullable ParquetColumn column) throws BrokenItemException {
    String text = column == null ? null : column.text(row);
    return text == null || text.isBlank() ? null : text.strip();
  }

  private @Nullable ParquetColumn text(
      ParquetFooter footer, @Nullable ColumnName name, Configuration hadoop) throws IOException {
    if (name == null) {
      return null;
    }
    footer.checkText(name);
    ParquetColumn column = ParquetColumn.open(footer, file.path(), name, hadoop);
    open.add(column);
    return column;
  }

  private void close() {
    for (ParquetColumn column : open) {
      try {
        column.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    open.clear();
  }
}
