/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TablePair;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableStatistics;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.TableName;
import org.splitmask.prep.table.home.WriteGuard;

/**
 * One run of prepare on a table, on the driver: holds the home's guard, makes the Iceberg tables
 * where there are none, and commits once. Until {@link #commitPatches} returns, readers see what
 * was there before.
 */
public final class TableRun implements AutoCloseable {
  private final TableHome home;
  private final TablePair tables;
  private final TableIdentity identity;
  private final ExistingRows existing;
  private final String runId;
  private final Configuration hadoop;
  private final WriteGuard guard;
  private final @Nullable TableSnapshot base;
  private boolean target;

  /** Whether a table names files of this run, or may do so. */
  private boolean committed;

  private TableRun(
      TableHome home,
      TableIdentity identity,
      ExistingRows existing,
      String runId,
      Configuration hadoop,
      WriteGuard guard) {
    this.home = home;
    this.tables = new TablePair(home);
    this.identity = identity;
    this.existing = existing;
    this.runId = runId;
    this.hadoop = hadoop;
    this.guard = guard;
    this.base = newest(home, hadoop);
  }

  /** Refuses, before any work, a home that cannot be written or was prepared otherwise. */
  public static void check(
      TableHome home, TableIdentity identity, ExistingRows existing, Configuration hadoop) {
    home.checkUsable();
    new TablePair(home).rejected();
    Optional<PatchTable> table = PatchTable.find(home, hadoop);
    if (existing == ExistingRows.KEPT) {
      // A table whose first run failed has no rows yet, and so no settings to keep to.
      table.filter(PatchTable::hasSnapshot).ifPresent(identity::check);
    }
  }

  /** Begins to write, as far as the home lets several do so at a time. */
  public static TableRun begin(
      TableHome home,
      TableIdentity identity,
      ExistingRows existing,
      String runId,
      Configuration hadoop) {
    WriteGuard guard = home.guard(runId);
    try {
      check(home, identity, existing, hadoop);
      return new TableRun(home, identity, existing, runId, hadoop, guard);
    } catch (RuntimeException e) {
      guard.close();
      throw e;
    }
  }

  /** The table's name for people. */
  public String location() {
    return home.location();
  }

  /** The name for people of the table of rejected files. */
  public String rejectedLocation() {
    return home.location(TableName.REJECTED);
  }

  /** What the table holds that this run goes on from; nothing where existing rows are replaced. */
  public TableState state() {
    return existing == ExistingRows.REPLACED ? TableState.empty() : state(base);
  }

  /** What a table holds, for a look without a lease; empty where there is no table. */
  public static TableState state(TableHome home, ExistingRows existing, Configuration hadoop) {
    return existing == ExistingRows.REPLACED ? TableState.empty() : state(newest(home, hadoop));
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

  private static @Nullable TableSnapshot newest(TableHome home, Configuration hadoop) {
    return PatchTable.find(home, hadoop)
        .filter(PatchTable::hasSnapshot)
        .map(PatchTable::snapshot)
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
        tables
            .patches()
            .orElseGet(
                () ->
                    home.create(
                        TableName.PATCHES,
                        TableSchemas.PATCHES_SCHEMA,
                        TableSchemas.PATCHES_SPEC,
                        identity.properties()));
    Table rejected =
        tables
            .rejected()
            .orElseGet(
                () ->
                    home.create(
                        TableName.REJECTED,
                        TableSchemas.REJECTED_SCHEMA,
                        TableSchemas.REJECTED_SPEC,
                        TableSchemas.rejectedProperties()));
    TableCommit.settle(identity, patches);
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
  public void writeRecord(String json) {
    home.records().write(runId, json);
  }

  /** Adds the rejected rows; they count once a snapshot of the patches names this run. */
  public void commitRejected(Collection<TaskFiles> tasks) {
    commit(() -> new TableCommit(identity, runId, tasks).rejected(tables.rejected().orElseThrow()));
  }

  /**
   * Commits what tasks added and replaced, in one atomic commit.
   *
   * @param counts what the snapshot's summary is to say besides statistics and settings
   * @throws SplitMaskException blaming the cluster where somebody else was quicker, of which {@link
   *     #isOvertaken} tells, or where the outcome is unknown
   */
  public TableSnapshot commitPatches(Collection<TaskFiles> tasks, Map<String, String> counts) {
    guard.check();
    commit(
        () ->
            new TableCommit(identity, runId, tasks)
                .patches(tables.patches().orElseThrow(), base, existing, counts));
    committed = true;
    return snapshot();
  }

  private void commit(Runnable commit) {
    try {
      commit.run();
    } catch (CommitStateUnknownException e) {
      committed = true; // perhaps: what a snapshot may name is not deleted
      throw new SplitMaskException(
          Blame.CLUSTER,
          "it is not known whether the commit to "
              + home.location()
              + " went through ("
              + PlainMessage.of(e.getCause() == null ? e : e.getCause())
              + "); nothing is deleted. The same command finds out, and does what is left to do",
          e);
    }
  }

  /** Whether a run failed because another committed before it: it can start over. */
  public static boolean isOvertaken(SplitMaskException failure) {
    return TableCommit.isOvertaken(failure);
  }

  /** The newest snapshot. */
  public TableSnapshot snapshot() {
    return PatchTable.open(home, hadoop).snapshot();
  }

  /** Lets others write; without a commit, what this run's tasks wrote is deleted. */
  @Override
  public void close() {
    try (guard) {
      if (target && !committed) {
        UncommittedFiles.delete(tables, runId);
      }
    }
  }
}
