/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * One run of prepare on a table, on the driver: holds the lease, makes the Iceberg tables where
 * there are none, and commits once. Until {@link #commitPatches} returns, readers see what was
 * there before.
 */
public final class TableRun implements AutoCloseable {
  private final TableFolder folder;
  private final TableIdentity identity;
  private final ExistingRows existing;
  private final String runId;
  private final Configuration hadoop;
  private final TableLease lease;
  private final @Nullable TableSnapshot base;
  private boolean target;
  private boolean committed;

  private TableRun(
      TableFolder folder,
      TableIdentity identity,
      ExistingRows existing,
      String runId,
      Configuration hadoop,
      TableLease lease) {
    this.folder = folder;
    this.identity = identity;
    this.existing = existing;
    this.runId = runId;
    this.hadoop = hadoop;
    this.lease = lease;
    this.base = newest(folder, hadoop);
  }

  /**
   * Refuses, before any work, a location that cannot be written or was prepared otherwise.
   *
   * @return the location, qualified with its filesystem
   */
  public static String check(
      String location, TableIdentity identity, ExistingRows existing, Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    check(folder, identity, existing, hadoop);
    return folder.location();
  }

  /** Takes the lease. */
  public static TableRun begin(
      String location,
      TableIdentity identity,
      ExistingRows existing,
      String runId,
      Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    TableLease lease = TableLease.take(folder, runId);
    try {
      check(folder, identity, existing, hadoop);
      return new TableRun(folder, identity, existing, runId, hadoop, lease);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static void check(
      TableFolder folder, TableIdentity identity, ExistingRows existing, Configuration hadoop) {
    folder.checkUsable();
    folder.rejected();
    Optional<Table> patches = folder.patches();
    if (existing == ExistingRows.KEPT) {
      // A table whose first run failed has no rows yet, and so no settings to keep to.
      patches
          .filter(table -> table.currentSnapshot() != null)
          .ifPresent(table -> identity.check(new PatchTable(folder, table, hadoop)));
    }
  }

  /** The folder, qualified with its filesystem. */
  public String location() {
    return folder.location();
  }

  /** What the table holds that this run goes on from; nothing where existing rows are replaced. */
  public TableState state() {
    return existing == ExistingRows.REPLACED ? TableState.empty() : state(base);
  }

  /** What a table holds, for a look without a lease; empty where there is no table. */
  public static TableState state(String location, ExistingRows existing, Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    return existing == ExistingRows.REPLACED ? TableState.empty() : state(newest(folder, hadoop));
  }

  private static TableState state(@Nullable TableSnapshot snapshot) {
    return snapshot == null
        ? TableState.empty()
        : new TableState(
            OptionalLong.of(snapshot.snapshotId()),
            snapshot.statistics().total(),
            snapshot.dataFileBytes(),
            snapshot.rejectedFiles());
  }

  private static @Nullable TableSnapshot newest(TableFolder folder, Configuration hadoop) {
    return folder
        .patches()
        .filter(table -> table.currentSnapshot() != null)
        .map(table -> new PatchTable(folder, table, hadoop).snapshot())
        .orElse(null);
  }

  /** The pictures that the table had when the run began. */
  public long picturesBefore() {
    return base == null ? 0 : base.statistics().total();
  }

  /** Where tasks write; makes the tables if need be. */
  public WriteTarget target() {
    target = true;
    Table patches =
        folder
            .patches()
            .orElseGet(
                () ->
                    create(
                        TableLayout.PATCHES_TABLE,
                        TableLayout.PATCHES_SCHEMA,
                        TableLayout.PATCHES_SPEC,
                        identity.properties()));
    Table rejected =
        folder
            .rejected()
            .orElseGet(
                () ->
                    create(
                        TableLayout.REJECTED_TABLE,
                        TableLayout.REJECTED_SCHEMA,
                        TableLayout.REJECTED_SPEC,
                        TableLayout.rejectedProperties()));
    if (patches.currentSnapshot() == null) {
      TableCommit.applyProperties(identity, patches.updateProperties()).commit();
    }
    return new WriteTarget(
        SerializableTable.copyOf(patches),
        SerializableTable.copyOf(rejected),
        identity.shape(),
        runId);
  }

  /** What the table's statistics will be once these are committed. */
  public TableStatistics statisticsAfter(Collection<TaskFiles> tasks) {
    return new TableCommit(identity, runId, tasks).totals(base, existing).statistics();
  }

  /** Keeps what is to be known of this run beside the tables. */
  public void writeLineage(String json) {
    new Lineage(folder).write(runId, json);
  }

  /** Adds the rejected rows; they count once a snapshot of the patches names this run. */
  public void commitRejected(Collection<TaskFiles> tasks) {
    new TableCommit(identity, runId, tasks).rejected(folder.rejected().orElseThrow());
  }

  /**
   * Commits what tasks added and replaced, in one atomic commit.
   *
   * @param counts what the snapshot's summary is to say besides statistics and settings
   */
  public TableSnapshot commitPatches(Collection<TaskFiles> tasks, Map<String, String> counts) {
    lease.check();
    new TableCommit(identity, runId, tasks)
        .patches(folder.patches().orElseThrow(), base, existing, counts);
    committed = true;
    return snapshot();
  }

  /** The newest snapshot. */
  public TableSnapshot snapshot() {
    return new PatchTable(folder, folder.patches().orElseThrow(), hadoop).snapshot();
  }

  /** Gives the lease back; without a commit, what this run's tasks wrote is deleted. */
  @Override
  public void close() {
    try (lease) {
      if (target && !committed) {
        UncommittedFiles.delete(folder, runId);
      }
    }
  }

  private Table create(
      String name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    String location = folder.location(name);
    return folder.tables().create(schema, spec, SortOrder.unsorted(), properties, location);
  }
}
