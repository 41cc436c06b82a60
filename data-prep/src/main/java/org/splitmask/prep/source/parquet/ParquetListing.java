/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.BrokenEntry;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.ParquetColumns;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.parquet.ParquetSpelling.NoTextException;
import org.splitmask.prep.source.text.Words;

/**
 * The rows of a Parquet file as items, one after the other: only names and labels are read. It
 * closes itself behind the last row.
 */
final class ParquetListing implements Iterator<Finding> {
  private final ContainerFile file;
  private final ColumnName bytes;
  private final long rows;
  private final List<ParquetColumn> open = new ArrayList<>();
  private @Nullable ParquetColumn names;
  private @Nullable ParquetColumn labels;
  private @Nullable ParquetColumn splits;
  private @Nullable ParquetColumn groups;
  private long row;

  /** What is to be said behind the last row. */
  private Finding.@Nullable Damage damage;

  private ParquetListing(ContainerFile file, ColumnName bytes, long rows) {
    this.file = file;
    this.bytes = bytes;
    this.rows = rows;
  }

  /**
   * Opens a file.
   *
   * @throws BrokenItemException if its columns cannot be read
   * @throws org.splitmask.common.failure.SplitMaskException if a column is missing or of a wrong
   *     type
   */
  static Iterator<Finding> open(
      ParquetFooter footer, ContainerFile file, ParquetColumns columns, Configuration hadoop)
      throws IOException {
    footer.checkBytes(columns.bytes());
    ParquetListing listing = new ParquetListing(file, columns.bytes(), footer.rows());
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
  public Finding next() {
    if (row >= rows) {
      Finding last = damage;
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
          String.format(
              Locale.ROOT,
              "its columns cannot be read from row %d on, and these rows are lost: %s",
              row,
              e.getMessage());
      item = file.broken(Kind.UNREADABLE, detail);
      // The item stands for one of the rows.
      damage = new Finding.Damage(file.prefix(), detail, rows - row - 1);
      row = rows;
    }
    if (row == rows) {
      close();
    }
    return new Finding.Item(item);
  }

  private SourceItem item() throws BrokenItemException {
    String fault = null;
    String name = null;
    Hints hints = null;
    try {
      name = name(names);
      hints = Hints.of(word(labels), word(splits), word(groups));
    } catch (NoTextException e) {
      fault = e.getMessage() + "; its name and its content are unknown";
    }
    ItemLocation location =
        fault == null
            ? new ParquetCell(file.path(), bytes, row)
            : new BrokenEntry(file.path(), row, Kind.UNREADABLE, fault, BrokenEntry.Extent.ITEM);
    // The digits of another locale would make another name of it.
    String known = name == null ? String.format(Locale.ROOT, "row-%08d", row) : name;
    return file.item(known, SourceItem.UNKNOWN_SIZE, location, hints);
  }

  /** A name as it is: two that differ only in blanks are two pictures. */
  private @Nullable String name(@Nullable ParquetColumn column)
      throws BrokenItemException, NoTextException {
    String text = column == null ? null : column.text(row);
    return text == null || Words.strip(text).isEmpty() ? null : text;
  }

  private @Nullable String word(@Nullable ParquetColumn column)
      throws BrokenItemException, NoTextException {
    String text = column == null ? null : column.text(row);
    String word = text == null ? "" : Words.clean(text);
    String fault = Words.fault(word);
    if (fault != null) {
      throw new NoTextException("a word of its columns has " + fault);
    }
    return word.isEmpty() ? null : word;
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
