/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.SourceContext;

/**
 * An Iceberg table by its folder: the data files of its current snapshot. Of a table that a catalog
 * keeps, the newest metadata file is taken for current.
 */
public record IcebergTable(String root, String folder) implements Listable {
  public static final String METADATA_SUFFIX = ".metadata.json";

  private static final Pattern NUMBERED = Pattern.compile("v?(\\d+)\\b.*");

  @Override
  public Iterator<Finding> list(SourceContext context) throws IOException {
    try {
      Table table = load(context.hadoop());
      ParquetFile.InTable inTable =
          new ParquetFile.InTable(folder, context.columns().map(c -> resolve(c, table.schema())));
      List<Finding> files = new ArrayList<>();
      try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        for (FileScanTask task : tasks) {
          checkReadable(task);
          String file = qualified(task.file().location(), context.hadoop());
          files.add(new ParquetFile(root, file, inTable, ParquetFile.Standing.ALONE));
        }
      }
      return files.iterator();
    } catch (SplitMaskException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SplitMaskException(
          Blame.DATA, "the Iceberg table " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Table load(Configuration hadoop) throws IOException {
    HadoopTables tables = new HadoopTables(hadoop);
    if (tables.exists(folder)) {
      return tables.load(folder);
    }
    String metadata = newestMetadata(hadoop);
    return new BaseTable(new StaticTableOperations(metadata, new HadoopFileIO(hadoop)), folder);
  }

  private String newestMetadata(Configuration hadoop) throws IOException {
    String metadata = folder + "/metadata";
    List<SourceStatus> versions =
        SourceFiles.list(metadata, hadoop).stream()
            .filter(file -> file.name().endsWith(METADATA_SUFFIX))
            .sorted(Comparator.comparingLong(IcebergTable::version).reversed())
            .toList();
    Check.data(!versions.isEmpty(), "%s holds no *%s", metadata, METADATA_SUFFIX);
    Check.data(
        versions.size() == 1 || version(versions.get(0)) > version(versions.get(1)),
        "the Iceberg table %s has two newest metadata files, %s and %s, and only its catalog"
            + " knows which one is valid; remove the other, or export the table's data files",
        folder,
        versions.get(0).name(),
        versions.get(Math.min(1, versions.size() - 1)).name());
    return versions.get(0).path();
  }

  private static long version(SourceStatus file) {
    Matcher name = NUMBERED.matcher(file.name());
    return name.matches() && name.group(1).length() < 18 ? Long.parseLong(name.group(1)) : -1;
  }

  private void checkReadable(FileScanTask task) {
    Check.data(
        task.deletes().isEmpty(),
        "the Iceberg table %s has delete files, which are not read; rewrite its data files"
            + " (rewrite_data_files with delete-file-threshold 1) first",
        folder);
    Check.data(
        task.file().format() == FileFormat.PARQUET,
        "the data file %s of the Iceberg table %s is %s; only Parquet is read",
        task.file().location(),
        folder,
        task.file().format());
  }

  private ColumnName resolve(ColumnName column, Schema schema) {
    NestedField field = schema.findField(column.text());
    if (field == null) {
      throw Check.failure(
          Blame.DATA,
          "the Iceberg table %s has no column %s; it has %s: set bytes-column, name-column,"
              + " label-column, split-column or group-column",
          folder,
          column.text(),
          TypeUtil.indexByName(schema.asStruct()).keySet().stream().sorted().toList());
    }
    return new ColumnName(column.text(), field.fieldId());
  }

  private static String qualified(String location, Configuration hadoop) {
    try {
      Path path = new Path(location);
      return SourceFiles.fileSystem(path, hadoop).makeQualified(path).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
