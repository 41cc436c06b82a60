/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the data files of a run that failed. Tasks that had finished before it failed do not
 * know, and their results may never have reached the driver; but file names carry the run's id.
 */
final class UncommittedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UncommittedFiles.class);
  private static final String DATA = "data";

  private UncommittedFiles() {}

  /** Never throws: the failure that brought us here is the one to report. */
  static void delete(TableFolder folder, String runId) {
    try {
      folder.patches().ifPresent(table -> delete(folder, table, runId));
      folder.rejected().ifPresent(table -> delete(folder, table, runId));
    } catch (RuntimeException e) {
      LOG.warn("cannot delete the files of run {}; prepare --clean does: {}", runId, e.toString());
    }
  }

  private static void delete(TableFolder folder, Table table, String runId) {
    Set<String> live = new HashSet<>();
    table.refresh();
    if (table.currentSnapshot() != null) {
      live.addAll(
          LiveFiles.locations(
              table, table.currentSnapshot().snapshotId(), Expressions.alwaysTrue()));
    }
    FileSystem fileSystem = folder.fileSystem();
    try {
      RemoteIterator<LocatedFileStatus> files =
          fileSystem.listFiles(new Path(table.location(), DATA), true);
      while (files.hasNext()) {
        Path file = files.next().getPath();
        if (file.getName().contains(runId) && !live.contains(file.toString())) {
          fileSystem.delete(file, false);
        }
      }
    } catch (FileNotFoundException e) {
      LOG.debug("no file of {} was written", table.name());
    } catch (IOException e) {
      LOG.warn("cannot delete the files of run {}; prepare --clean does: {}", runId, e.toString());
    }
  }
}
