/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ContainerInput;

/** What a Parquet file says of itself: its columns and where their parts lie. */
final class ParquetFooter {
  private final String file;
  private final ParquetMetadata metadata;

  private ParquetFooter(String file, ParquetMetadata metadata) {
    this.file = file;
    this.metadata = metadata;
  }

  /** One row group's part of a column. */
  record Chunk(long firstRow, long rows, ColumnChunkMetaData metadata) {
    boolean holds(long row) {
      return row >= firstRow && row < firstRow + rows;
    }
  }

  static ParquetFooter read(String file, Configuration hadoop) throws IOException {
    long length = SourceFiles.status(file, hadoop).length();
    try (ContainerInput input = ContainerInput.open(file, length, hadoop);
        ParquetFileReader reader =
            ParquetFileReader.open(new OpenFile(input), ParquetReadOptions.builder().build())) {
      return new ParquetFooter(file, reader.getFooter());
    } catch (UncheckedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Parquet has no exception of its own for "is not a Parquet file".
      throw new BrokenItemException(
          Kind.UNREADABLE,
          "it is no Parquet file that can be read: " + PlainMessage.clean(e.getMessage()));
    }
  }

  MessageType schema() {
    return metadata.getFileMetaData().getSchema();
  }

  String createdBy() {
    return String.valueOf(metadata.getFileMetaData().getCreatedBy());
  }

  long rows() {
    return metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  /** The parts of a column, in the order of rows. */
  List<Chunk> chunks(ColumnDescriptor column) {
    ColumnPath path = ColumnPath.get(column.getPath());
    List<Chunk> chunks = new ArrayList<>();
    long firstRow = 0;
    for (BlockMetaData block : metadata.getBlocks()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        if (chunk.getPath().equals(path)) {
          chunks.add(new Chunk(firstRow, block.getRowCount(), chunk));
        }
      }
      firstRow += block.getRowCount();
    }
    return chunks;
  }

  /**
   * The column of that name or field id; none if an Iceberg table got it after this file.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data if it is not there, or
   *     has several values in a row
   */
  @Nullable ColumnDescriptor column(ColumnName wanted) {
    boolean byId = isById(wanted);
    ColumnDescriptor found = find(wanted);
    if (byId && found == null) {
      return null;
    }
    if (found == null) {
      throw Check.failure(
          Blame.DATA,
          "the Parquet file %s has no column %s; its columns are %s: set bytes-column, name-column,"
              + " label-column, split-column or group-column to one of them; or, if the file only"
              + " describes pictures that are files, give the folder of those alone: --input %s",
          file,
          wanted.text(),
          names(),
          SourceFiles.parent(file) + "/FOLDER");
    }
    Check.data(
        found.getMaxRepetitionLevel() == 0,
        "the column %s of %s has lists of values; one value a row is read",
        wanted.text(),
        file);
    return found;
  }

  private boolean isById(ColumnName wanted) {
    return wanted.fieldId() != ColumnName.BY_NAME && hasIds();
  }

  private @Nullable ColumnDescriptor find(ColumnName wanted) {
    boolean byId = isById(wanted);
    for (ColumnDescriptor column : schema().getColumns()) {
      var id = column.getPrimitiveType().getId();
      boolean matches =
          byId
              ? id != null && id.intValue() == wanted.fieldId()
              : String.join(".", column.getPath()).equals(wanted.text());
      if (matches) {
        return column;
      }
    }
    return null;
  }

  /** Whether there is a column of that name or field id. */
  boolean has(ColumnName wanted) {
    return find(wanted) != null;
  }

  /** Refuses a bytes-column of anything but binary. */
  void checkBytes(ColumnName name) {
    ColumnDescriptor column = column(name);
    Check.data(
        column == null
            || column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY,
        "the column %s of %s is %s; it must be binary",
        name.text(),
        file,
        String.valueOf(column));
  }

  /** Refuses a column of words whose values have no spelling of their own. */
  void checkText(ColumnName name) {
    ColumnDescriptor column = column(name);
    if (column == null || ParquetSpelling.of(column.getPrimitiveType()) != null) {
      return;
    }
    PrimitiveType type = column.getPrimitiveType();
    boolean floats =
        type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
            || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
    Check.data(
        false,
        "the column %s of %s is %s; it must be text, a whole number, a decimal, a date or a"
            + " boolean%s",
        name.text(),
        file,
        String.valueOf(type),
        floats
            ? ": of floats 3 and 3.0 would be two names of one class; write it as one of these"
                + " (pandas: astype('Int64'))"
            : "");
  }

  /** Files that were only registered with a table lack ids: there, names hold. */
  private boolean hasIds() {
    return schema().getColumns().stream().anyMatch(c -> c.getPrimitiveType().getId() != null);
  }

  private List<String> names() {
    return schema().getColumns().stream().map(c -> String.join(".", c.getPath())).toList();
  }

  /** A container as Parquet asks for it. */
  private record OpenFile(ContainerInput input) implements InputFile {
    /** Parquet's messages begin with it. */
    @Override
    public String toString() {
      return "it";
    }

    @Override
    public long getLength() {
      return input.length();
    }

    @Override
    public SeekableInputStream newStream() {
      return new DelegatingSeekableInputStream(input) {
        @Override
        public long getPos() {
          return input.position();
        }

        @Override
        public void seek(long position) throws IOException {
          input.seek(position);
        }
      };
    }
  }
}
