/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.splitmask.common.failure.Check;

/** The data files of a snapshot. */
public final class LiveFiles {
  private LiveFiles() {}

  /** Their locations, sorted. */
  public static List<String> locations(Table table, long snapshotId, Expression rows) {
    return of(table, snapshotId, rows).stream()
        .map(DataFile::location)
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** The files that may hold such rows. A table with delete files is refused. */
  public static List<DataFile> of(Table table, long snapshotId, Expression rows) {
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).filter(rows).planFiles()) {
      for (FileScanTask task : tasks) {
        Check.data(
            task.deletes().isEmpty(),
            "the table %s has delete files, which this reader does not apply; rewrite its data files"
                + " (Iceberg's rewrite_data_files) and try again",
            table.location());
        files.add(task.file());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the files of " + table.location(), e);
    }
    return files;
  }
}
