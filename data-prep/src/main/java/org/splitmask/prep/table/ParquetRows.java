/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/** Reads columns of row groups straight from Parquet: no Spark, no Avro, no row objects between. */
final class ParquetRows {
  private ParquetRows() {}

  /** The row groups of a data file, from its footer. */
  static List<RowGroup> rowGroups(String file, Configuration hadoop) {
    try (ParquetFileReader reader = open(file, hadoop)) {
      List<RowGroup> groups = new ArrayList<>();
      for (BlockMetaData block : reader.getRowGroups()) {
        int rows = Math.toIntExact(block.getRowCount());
        groups.add(new RowGroup(file, groups.size(), rows, block.getTotalByteSize()));
      }
      return groups;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * The rows of one row group.
   *
   * @param columns the wanted columns, of type string (read as String), binary (byte[]), int
   *     (Integer) or long (Long)
   * @return a value per wanted column for each row, in the file's order
   */
  static List<@Nullable Object[]> read(
      String file, int ordinal, List<String> columns, Configuration hadoop) {
    try (ParquetFileReader reader = open(file, hadoop)) {
      Check.data(
          ordinal >= 0 && ordinal < reader.getRowGroups().size(),
          "data file %s has %d row groups, row group %d was asked for; was it replaced?",
          file,
          reader.getRowGroups().size(),
          ordinal);
      MessageType wanted =
          projection(file, reader.getFooter().getFileMetaData().getSchema(), columns);
      reader.setRequestedSchema(wanted);
      return materialize(reader.readRowGroup(ordinal), wanted);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static List<@Nullable Object[]> materialize(PageReadStore pages, MessageType wanted) {
    MessageColumnIO columnIo = new ColumnIOFactory().getColumnIO(wanted);
    RecordReader<@Nullable Object[]> records =
        columnIo.getRecordReader(pages, new RowMaterializer(wanted));
    int count = Math.toIntExact(pages.getRowCount());
    List<@Nullable Object[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(records.read());
    }
    return rows;
  }

  private static MessageType projection(String file, MessageType schema, List<String> columns) {
    List<Type> fields = new ArrayList<>();
    for (String column : columns) {
      Check.data(
          schema.containsField(column),
          "data file %s has no column %s; prepare the table again",
          file,
          column);
      fields.add(schema.getType(column));
    }
    return new MessageType(schema.getName(), fields);
  }

  private static ParquetFileReader open(String file, Configuration hadoop) throws IOException {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(new Path(file), hadoop),
        HadoopReadOptions.builder(hadoop).build());
  }

  private static RuntimeException unreadable(String file, IOException cause) {
    return cause instanceof FileNotFoundException
        ? new SplitMaskException(
            Blame.DATA,
            "data file "
                + file
                + " is gone: the table was moved or deleted, or its snapshot has expired; bring"
                + " it back, or take a newer snapshot",
            cause)
        : new UncheckedIOException("cannot read data file " + file + ": " + cause, cause);
  }
}
