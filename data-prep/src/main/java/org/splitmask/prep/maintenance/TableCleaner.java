/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.maintenance;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.actions.ExpireSnapshots;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;
import org.splitmask.prep.table.write.TableMaintenance;

/**
 * Brings small files together, lets old snapshots go, and deletes what no snapshot needs, such as
 * the files of a run that was killed.
 */
public final class TableCleaner {
  /** A run that changes one row writes its file anew, so files should not be too large. */
  private static final long TARGET_FILE_BYTES = 128L << 20;

  private final SparkSession session;
  private final TableMaintenance table;
  private final Instant now;

  /**
   * Makes a cleaner.
   *
   * @param table knows from which age on a file that nothing names is litter
   * @param now the time from which ages are counted
   */
  public TableCleaner(SparkSession session, TableMaintenance table, Instant now) {
    this.session = session;
    this.table = table;
    this.now = now;
  }

  /**
   * Cleans.
   *
   * @param keep snapshots younger than this stay, and the newest in any case
   */
  public CleanResult clean(Duration keep) {
    long rewritten = bringTogether(table.patches());
    long expired = expire(table.patches(), now.minus(keep));
    int runs = table.forgetOtherRuns(now);
    // The history of the rejected rows says nothing: snapshots of the patches name the rows by run.
    expire(table.rejected(), now.minus(table.litterAge()));
    table.check();
    long orphans = deleteOrphans(table.patches()) + deleteOrphans(table.rejected());
    return new CleanResult(rewritten, expired, runs, orphans);
  }

  private long bringTogether(Table patches) {
    RewriteDataFiles rewrite =
        SparkActions.get(session)
            .rewriteDataFiles(patches)
            .option(RewriteDataFiles.TARGET_FILE_SIZE_BYTES, String.valueOf(TARGET_FILE_BYTES));
    for (Map.Entry<String, String> entry : table.summaryToKeep().entrySet()) {
      rewrite = rewrite.snapshotProperty(entry.getKey(), entry.getValue());
    }
    return rewrite.execute().rewrittenDataFilesCount();
  }

  private long expire(Table iceberg, Instant olderThan) {
    if (iceberg.currentSnapshot() == null) {
      return 0;
    }
    ExpireSnapshots.Result result =
        SparkActions.get(session)
            .expireSnapshots(iceberg)
            .expireOlderThan(olderThan.toEpochMilli())
            .retainLast(1)
            .execute();
    return result.deletedDataFilesCount();
  }

  private long deleteOrphans(Table iceberg) {
    DeleteOrphanFiles.Result result =
        SparkActions.get(session)
            .deleteOrphanFiles(iceberg)
            .olderThan(now.minus(table.litterAge()).toEpochMilli())
            .execute();
    long deleted = 0;
    for (String location : result.orphanFileLocations()) {
      deleted += location.isEmpty() ? 0 : 1;
    }
    return deleted;
  }
}
