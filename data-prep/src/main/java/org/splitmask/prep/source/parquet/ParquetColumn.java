/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.parquet.ParquetFooter.Chunk;
import org.splitmask.prep.source.parquet.ParquetSpelling.NoTextException;

/**
 * The values of one column, a page at a time: a row group of pictures may be larger than the heap,
 * and Parquet's own reader takes all of it at once. Pages without a wanted row are not even
 * decompressed.
 */
final class ParquetColumn implements Closeable {
  /** Tasks share the heap; a page is held twice, as it is stored and as it was. */
  private static final long MOST_PAGE_BYTES = Runtime.getRuntime().maxMemory() / 4;

  private final @Nullable ColumnDescriptor column;
  private final String name;
  private final @Nullable ParquetSpelling spelling;
  private final List<Chunk> chunks;
  private final ParsedVersion writer;
  private final ContainerInput input;
  private @Nullable ParquetPages pages;
  private @Nullable ColumnReader values;

  /** The row that {@link #values} stands at. */
  private long next;

  private ParquetColumn(ParquetFooter footer, @Nullable ColumnDescriptor column, ContainerInput in)
      throws BrokenItemException {
    this.column = column;
    this.name = column == null ? "" : String.join(".", column.getPath());
    this.spelling = column == null ? null : ParquetSpelling.of(column.getPrimitiveType());
    this.chunks = column == null ? List.of() : footer.chunks(column);
    this.input = in;
    try {
      this.writer = VersionParser.parse(footer.createdBy());
    } catch (VersionParseException e) {
      throw new BrokenItemException(
          Kind.UNREADABLE, "its writer's version is unknown: " + e.getMessage());
    }
  }

  static ParquetColumn open(String file, ColumnName name, Configuration hadoop) throws IOException {
    return open(ParquetFooter.read(file, hadoop), file, name, hadoop);
  }

  static ParquetColumn open(
      ParquetFooter footer, String file, ColumnName name, Configuration hadoop) throws IOException {
    ColumnDescriptor column = footer.column(name);
    return new ParquetColumn(footer, column, ContainerInput.open(file, hadoop));
  }

  /**
   * The bytes of a row, of longer values only the first; none for a missing value.
   *
   * @param row its number in the file
   */
  byte @Nullable [] bytes(long row, int atMost) throws BrokenItemException {
    return read(row, reader -> first(reader.getBinary().toByteBuffer(), atMost));
  }

  /**
   * The text of a row; numbers and dates are spelled out. None for a missing value.
   *
   * @throws NoTextException if it is none; other rows may be
   */
  @Nullable String text(long row) throws BrokenItemException, NoTextException {
    Spelled spelled = read(row, this::spell);
    if (spelled != null && spelled.fault != null) {
      throw new NoTextException("its " + name + " is " + spelled.fault);
    }
    return spelled == null ? null : spelled.text;
  }

  /** A text, or why there is none: an exception would lose the place in the page. */
  private record Spelled(@Nullable String text, @Nullable String fault) {}

  private static byte[] first(ByteBuffer value, int atMost) {
    byte[] bytes = new byte[Math.min(atMost, value.remaining())];
    value.get(bytes);
    return bytes;
  }

  private Spelled spell(ColumnReader reader) {
    try {
      return new Spelled(spelling == null ? null : spelling.spell(reader), null);
    } catch (NoTextException | DateTimeException e) {
      return new Spelled(null, e.getMessage());
    }
  }

  private <T> @Nullable T read(long row, Value<T> value) throws BrokenItemException {
    if (column == null) {
      return null;
    }
    try {
      ColumnReader reader = at(row);
      if (reader.getCurrentDefinitionLevel() < column.getMaxDefinitionLevel()) {
        return null;
      }
      return value.of(reader);
    } catch (BrokenItemException | UncheckedIOException | SplitMaskException e) {
      values = null;
      throw e;
    } catch (IOException | RuntimeException e) {
      values = null;
      throw new BrokenItemException(
          Kind.UNREADABLE, "its page cannot be decoded: " + PlainMessage.clean(e.getMessage()));
    }
  }

  /** Stands at the row, going on from where it is if it can. */
  private ColumnReader at(long row) throws IOException {
    ParquetPages in = pages;
    if (in == null || !in.chunk().holds(row)) {
      closePages();
      in = new ParquetPages(input, chunkOf(row), MOST_PAGE_BYTES);
      values = null;
    } else if (row < in.firstRow()) {
      in.restart();
      values = null;
    }
    pages = in;
    ColumnReader reader = values;
    if (in.seek(row) || reader == null || row < next) {
      reader = new ColumnReaderImpl(column, in.page(), new PrimitiveConverter() {}, writer);
      next = in.firstRow();
    }
    values = reader;
    for (; next < row; next++) {
      if (reader.getCurrentDefinitionLevel() == reader.getDescriptor().getMaxDefinitionLevel()) {
        reader.skip();
      }
      reader.consume();
    }
    return reader;
  }

  private Chunk chunkOf(long row) throws BrokenItemException {
    for (Chunk chunk : chunks) {
      if (chunk.holds(row)) {
        return chunk;
      }
    }
    throw new BrokenItemException(
        Kind.UNREADABLE, "its file has no row " + row + "; was it replaced?");
  }

  @Override
  public void close() throws IOException {
    closePages();
    input.close();
  }

  private void closePages() {
    if (pages != null) {
      pages.close();
    }
    pages = null;
  }

  private interface Value<T> {
    T of(ColumnReader reader);
  }
}
