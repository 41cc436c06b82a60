/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;

/**
 * One run of prepare on a table, on the driver: holds the lease, makes the Iceberg tables where
 * there are none, and commits once. Until {@link #commitPatches} returns, readers see what was
 * there before.
 */
public final class TableRun implements AutoCloseable {
  private final TableFolder folder;
  private final TableIdentity identity;
  private final String runId;
  private final Configuration hadoop;
  private final TableLease lease;

  private TableRun(
      TableFolder folder,
      TableIdentity identity,
      String runId,
      Configuration hadoop,
      TableLease lease) {
    this.folder = folder;
    this.identity = identity;
    this.runId = runId;
    this.hadoop = hadoop;
    this.lease = lease;
  }

  /**
   * Refuses, before any work, a location that cannot be written or was prepared otherwise.
   *
   * @return the location, qualified with its filesystem
   */
  public static String check(String location, TableIdentity identity, Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    check(folder, identity, hadoop);
    return folder.location();
  }

  /** Takes the lease. */
  public static TableRun begin(
      String location, TableIdentity identity, String runId, Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    TableLease lease = TableLease.take(folder, runId);
    try {
      check(folder, identity, hadoop);
      return new TableRun(folder, identity, runId, hadoop, lease);
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static void check(TableFolder folder, TableIdentity identity, Configuration hadoop) {
    folder.checkUsable();
    folder.rejected();
    Optional<Table> patches = folder.patches();
    // A table whose first run failed has no rows yet, and so no settings to keep to.
    patches
        .filter(table -> table.currentSnapshot() != null)
        .ifPresent(table -> identity.check(new PatchTable(folder, table, hadoop)));
  }

  /** The folder, qualified with its filesystem. */
  public String location() {
    return folder.location();
  }

  /** Pictures in the newest snapshot; 0 where there is none. */
  public long rows() {
    return folder
        .patches()
        .map(Table::currentSnapshot)
        .map(s -> Long.parseLong(s.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS, "0")))
        .orElse(0L);
  }

  /** Where tasks write; makes the tables if need be. */
  public WriteTarget target() {
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
                        PartitionSpec.unpartitioned(),
                        TableLayout.rejectedProperties()));
    if (patches.currentSnapshot() == null) {
      applyProperties(patches.updateProperties()).commit();
    }
    return new WriteTarget(
        SerializableTable.copyOf(patches),
        SerializableTable.copyOf(rejected),
        identity.shape(),
        runId);
  }

  /** Adds the rejected rows; they count once a snapshot of the patches names this run. */
  public void commitRejected(Collection<TaskFiles> tasks) {
    Table rejected = folder.rejected().orElseThrow();
    AppendFiles append = rejected.newAppend().set(runIdKey(), runId);
    boolean any = false;
    for (TaskFiles task : tasks) {
      for (DataFile file : task.rejected()) {
        append.appendFile(file);
        any = true;
      }
    }
    if (any) {
      append.commit();
    }
  }

  /**
   * Replaces the table's rows by these, in one atomic commit.
   *
   * @param counts what the snapshot's summary is to say besides the statistics
   */
  public TableSnapshot commitPatches(Collection<TaskFiles> tasks, Map<String, String> counts) {
    Table patches = folder.patches().orElseThrow();
    Transaction transaction = patches.newTransaction();
    applyProperties(transaction.updateProperties()).commit();
    OverwriteFiles overwrite =
        transaction
            .newOverwrite()
            .overwriteByRowFilter(Expressions.alwaysTrue())
            .conflictDetectionFilter(Expressions.alwaysTrue())
            .validateNoConflictingData()
            .validateNoConflictingDeletes();
    if (patches.currentSnapshot() != null) {
      overwrite.validateFromSnapshot(patches.currentSnapshot().snapshotId());
    }
    tasks.forEach(task -> task.patches().forEach(overwrite::addFile));
    overwrite.set(runIdKey(), runId);
    counts.forEach((key, value) -> overwrite.set(TableLayout.PREFIX + key, value));
    SnapshotSummary.of(statistics(tasks))
        .forEach((key, value) -> overwrite.set(TableLayout.PREFIX + key, value));
    overwrite.commit();
    transaction.commitTransaction();
    return new PatchTable(folder, folder.patches().orElseThrow(), hadoop).snapshot();
  }

  /** Deletes the patches that tasks wrote when they are not to be committed. */
  public void discardPatches(Collection<TaskFiles> tasks) {
    List<DataFile> files = new ArrayList<>();
    tasks.forEach(task -> files.addAll(task.patches()));
    Table patches = folder.patches().orElseThrow();
    files.forEach(file -> patches.io().deleteFile(file.location()));
  }

  @Override
  public void close() {
    lease.close();
  }

  private TableStatistics statistics(Collection<TaskFiles> tasks) {
    Map<Split, Long> images = new EnumMap<>(Split.class);
    PixelSums train = new PixelSums(identity.shape().channels());
    for (TaskFiles task : tasks) {
      task.images().forEach((split, count) -> images.merge(split, count, Long::sum));
      train.add(task.trainPixels());
    }
    return new TableStatistics(images, train.mean(), train.std());
  }

  private Table create(
      String name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    String location = folder.location(name);
    return folder.tables().create(schema, spec, SortOrder.unsorted(), properties, location);
  }

  private UpdateProperties applyProperties(UpdateProperties update) {
    identity
        .properties()
        .forEach(
            (key, value) -> {
              // Chosen at creation; set again, it would be read as an upgrade.
              if (!key.equals(TableProperties.FORMAT_VERSION)) {
                update.set(key, value);
              }
            });
    return update;
  }

  private static String runIdKey() {
    return TableLayout.PREFIX + SnapshotSummary.RUN_ID;
  }
}
