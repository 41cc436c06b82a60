/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.prep.table.LiveFiles;
import org.splitmask.prep.table.TablePair;

/**
 * Deletes the data files of a run that failed. Tasks that had finished before it failed do not
 * know, and their results may never have reached the driver; but file names carry the run's id.
 */
final class UncommittedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UncommittedFiles.class);
  private static final String DATA = "/data/";

  private UncommittedFiles() {}

  /** Never throws: the failure that brought us here is the one to report. */
  static void delete(TablePair tables, String runId) {
    try {
      tables.patches().ifPresent(table -> delete(table, runId));
      tables.rejected().ifPresent(table -> delete(table, runId));
    } catch (RuntimeException e) {
      LOG.warn("cannot delete the files of run {}; prepare --clean does: {}", runId, e.toString());
    }
  }

  private static void delete(Table table, String runId) {
    if (!(table.io() instanceof SupportsPrefixOperations files)) {
      LOG.warn("the storage of {} lists no files; prepare --clean deletes what is left", table);
      return;
    }
    Set<String> live = new HashSet<>();
    table.refresh();
    if (table.currentSnapshot() != null) {
      live.addAll(
          LiveFiles.locations(
              table, table.currentSnapshot().snapshotId(), Expressions.alwaysTrue()));
    }
    try {
      for (FileInfo file : files.listPrefix(table.location() + DATA)) {
        String name = file.location().substring(file.location().lastIndexOf('/') + 1);
        if (name.contains(runId) && !live.contains(file.location())) {
          files.deleteFile(file.location());
        }
      }
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof FileNotFoundException)) {
        throw e;
      }
      LOG.debug("no file of {} was written", table);
    }
  }
}
