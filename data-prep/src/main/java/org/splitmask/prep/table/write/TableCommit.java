/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.LiveFiles;
import org.splitmask.prep.table.TableLayout;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableTotals;

/**
 * Puts what tasks wrote into the tables: first the rejected rows, then, atomically, the patches.
 */
final class TableCommit {
  private final TableIdentity identity;
  private final String runId;
  private final Collection<TaskFiles> tasks;

  TableCommit(TableIdentity identity, String runId, Collection<TaskFiles> tasks) {
    this.identity = identity;
    this.runId = runId;
    this.tasks = tasks;
  }

  /** Adds the rejected rows; they count once a snapshot of the patches names this run. */
  void rejected(Table table) {
    AppendFiles append = table.newAppend().set(TableLayout.RUN_ID_KEY, runId);
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
   * Takes replaced data files out and puts new ones in, in one commit that fails if anybody else
   * committed since the run began.
   *
   * @param base the snapshot that the run began with
   * @param existing whether its rows stay unless a task replaced them
   * @param counts what the snapshot's summary is to say besides statistics and settings
   */
  void patches(
      Table table,
      @Nullable TableSnapshot base,
      ExistingRows existing,
      Map<String, String> counts) {
    Transaction transaction = table.newTransaction();
    applyProperties(identity, transaction.updateProperties()).commit();
    OverwriteFiles overwrite =
        transaction
            .newOverwrite()
            .conflictDetectionFilter(Expressions.alwaysTrue())
            .validateNoConflictingData()
            .validateNoConflictingDeletes();
    if (base != null) {
      overwrite.validateFromSnapshot(base.snapshotId());
      takeOut(overwrite, table, base, existing);
    }
    tasks.forEach(task -> task.patches().forEach(overwrite::addFile));
    overwrite.set(TableLayout.RUN_ID_KEY, runId);
    set(overwrite, counts);
    set(overwrite, identity.summary());
    set(overwrite, totals(base, existing).summary());
    try {
      overwrite.commit();
      transaction.commitTransaction();
    } catch (ValidationException | CommitFailedException e) {
      throw overtaken(table, e);
    }
  }

  private static SplitMaskException overtaken(Table table, RuntimeException cause) {
    return new SplitMaskException(
        Blame.CLUSTER,
        "somebody else has committed to " + table.location() + " since this run began; run again",
        cause);
  }

  /** Whether a commit lost against another, for certain. */
  static boolean isOvertaken(SplitMaskException failure) {
    return failure.getCause() instanceof ValidationException
        || failure.getCause() instanceof CommitFailedException;
  }

  /**
   * Gives a table without rows the settings of this run, by compare-and-swap: had another run
   * committed its rows meanwhile, they would have this run's settings.
   */
  static void settle(TableIdentity identity, Table table) {
    TableOperations operations = ((HasTableOperations) table).operations();
    TableMetadata empty = operations.current();
    Map<String, String> properties = new HashMap<>(empty.properties());
    identity
        .properties()
        .forEach(
            (key, value) -> {
              if (!key.equals(TableProperties.FORMAT_VERSION)) {
                properties.put(key, value);
              }
            });
    if (empty.currentSnapshot() == null && !properties.equals(empty.properties())) {
      try {
        operations.commit(empty, empty.replaceProperties(properties));
      } catch (CommitFailedException e) {
        throw overtaken(table, e);
      }
      table.refresh();
    }
  }

  /** Of the table once this is committed. */
  TableTotals totals(@Nullable TableSnapshot base, ExistingRows existing) {
    TableTotals totals = TableTotals.none(identity.shape().channels());
    if (base != null && existing == ExistingRows.KEPT) {
      totals.add(base.totals());
    }
    for (TaskFiles task : tasks) {
      totals.subtract(task.removed());
      totals.add(task.added());
    }
    return totals;
  }

  private void takeOut(
      OverwriteFiles overwrite, Table table, TableSnapshot base, ExistingRows existing) {
    Set<String> replaced = new HashSet<>();
    tasks.forEach(task -> replaced.addAll(task.replaced()));
    for (DataFile file : LiveFiles.of(table, base.snapshotId(), Expressions.alwaysTrue())) {
      if (existing == ExistingRows.REPLACED || replaced.contains(file.location())) {
        overwrite.deleteFile(file);
      }
    }
  }

  private static void set(OverwriteFiles overwrite, Map<String, String> entries) {
    entries.forEach((key, value) -> overwrite.set(TableLayout.PREFIX + key, value));
  }

  static UpdateProperties applyProperties(TableIdentity identity, UpdateProperties update) {
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
}
