/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;
import org.splitmask.common.failure.Check;

/** Work on a table besides preparing pictures; holds the lease meanwhile. */
public final class TableMaintenance implements AutoCloseable {
  private final TableFolder folder;
  private final Configuration hadoop;
  private final TableLease lease;

  private TableMaintenance(TableFolder folder, Configuration hadoop, TableLease lease) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.lease = lease;
  }

  /** Takes the lease of a table that exists. */
  public static TableMaintenance begin(String location, String runId, Configuration hadoop) {
    PatchTable.open(location, hadoop);
    TableFolder folder = TableFolder.of(location, hadoop);
    return new TableMaintenance(folder, hadoop, TableLease.take(folder, runId));
  }

  /**
   * Makes a former snapshot the newest, with the settings that it was made with. Nothing is
   * deleted: the way back is the same call.
   */
  public TableSnapshot rollBack(long snapshotId) {
    TableSnapshot wanted = opened().snapshot(snapshotId);
    Map<String, String> summary = wanted.summary();
    Transaction transaction = patches().newTransaction();
    UpdateProperties properties = transaction.updateProperties();
    summary.forEach(
        (key, value) -> {
          String property = TableLayout.PREFIX + key;
          if (TableLayout.isOfTheSettings(property)) {
            properties.set(property, value);
          }
        });
    properties.commit();
    transaction.manageSnapshots().setCurrentSnapshot(snapshotId).commit();
    lease.check();
    transaction.commitTransaction();
    return opened().snapshot();
  }

  /** The Iceberg table of patches, for Iceberg's own actions. */
  public Table patches() {
    return folder.patches().orElseThrow();
  }

  /** The Iceberg table of rejected rows. */
  public Table rejected() {
    return folder.rejected().orElseThrow();
  }

  /** What a rewriting of the newest snapshot has to repeat in its own summary. */
  public Map<String, String> summaryToKeep() {
    Map<String, String> kept = new TreeMap<>();
    opened()
        .snapshot()
        .summary()
        .forEach((key, value) -> kept.put(TableLayout.PREFIX + key, value));
    return kept;
  }

  /**
   * Removes the rejected rows and lineage files of runs that no snapshot names: of runs that
   * failed, and of those whose snapshots have expired.
   *
   * @return how many lineage files were deleted
   */
  public int forgetOtherRuns() {
    Set<String> named = new HashSet<>();
    opened().snapshots().forEach(snapshot -> named.add(snapshot.runId()));
    Table rejected = rejected();
    Snapshot newest = rejected.currentSnapshot();
    if (newest != null) {
      rejected
          .newDelete()
          .deleteFromRowFilter(Expressions.notIn(TableLayout.RUN_ID, named.toArray()))
          .commit();
    }
    return new Lineage(folder).deleteAllBut(named);
  }

  /** Fails if somebody has taken this process for dead. */
  public void check() {
    lease.check();
  }

  @Override
  public void close() {
    lease.close();
  }

  private PatchTable opened() {
    PatchTable table = new PatchTable(folder, patches(), hadoop);
    Check.data(
        !table.snapshots().isEmpty(),
        "the table %s has no rows yet: no prepare has finished",
        folder.location());
    return table;
  }
}
