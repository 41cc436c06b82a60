/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** Iceberg tables of pictures for tests. */
final class IcebergPictures {
  private IcebergPictures() {}

  /** A table of bytes, name and kind, in three data files. */
  static Table create(Path folder, Map<String, byte[]> pictures) throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "bytes", Types.BinaryType.get()),
            Types.NestedField.optional(2, "name", Types.StringType.get()),
            Types.NestedField.optional(3, "kind", Types.StringType.get()));
    Table table = new HadoopTables(new Configuration()).create(schema, folder.toString());
    List<Record> rows = new ArrayList<>();
    pictures.forEach(
        (path, bytes) ->
            rows.add(
                GenericRecord.create(schema)
                    .copy(
                        Map.of(
                            "bytes",
                            ByteBuffer.wrap(bytes),
                            "name",
                            path,
                            "kind",
                            path.substring(0, 4)))));
    int third = rows.size() / 3;
    AppendFiles append = table.newAppend();
    for (int from = 0; from < rows.size(); from += third) {
      append.appendFile(dataFile(table, rows.subList(from, from + third)));
    }
    append.commit();
    return table;
  }

  static DataFile dataFile(Table table, List<Record> rows) throws IOException {
    String name = "data/" + UUID.randomUUID() + ".parquet";
    DataWriter<Record> writer =
        Parquet.writeData(table.io().newOutputFile(table.location() + "/" + name))
            .forTable(table)
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      rows.forEach(writer::write);
    }
    return writer.toDataFile();
  }

  static Set<DataFile> dataFiles(Table table) throws IOException {
    Set<DataFile> files = new HashSet<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    }
    return files;
  }

  static List<Record> rows(Table table) throws IOException {
    List<Record> all = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      rows.forEach(row -> all.add(row.copy()));
    }
    return all;
  }
}
