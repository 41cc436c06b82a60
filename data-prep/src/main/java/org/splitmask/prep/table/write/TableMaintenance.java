/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.expressions.Expressions;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.LiveFiles;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableLayout;
import org.splitmask.prep.table.TablePair;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.WriteGuard;

/** Work on a table besides preparing pictures; holds the home's guard meanwhile. */
public final class TableMaintenance implements AutoCloseable {
  private final TablePair tables;
  private final Configuration hadoop;
  private final WriteGuard guard;

  private TableMaintenance(TableHome home, Configuration hadoop, WriteGuard guard) {
    this.tables = new TablePair(home);
    this.hadoop = hadoop;
    this.guard = guard;
  }

  /** Begins to write to a table that exists. */
  public static TableMaintenance begin(TableHome home, String runId, Configuration hadoop) {
    PatchTable.open(home, hadoop);
    return new TableMaintenance(home, hadoop, home.guard(runId));
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
          if (TableIdentity.isSetting(property)) {
            properties.set(property, value);
          }
        });
    properties.commit();
    transaction.manageSnapshots().setCurrentSnapshot(snapshotId).commit();
    guard.check();
    transaction.commitTransaction();
    return opened().snapshot();
  }

  /** The Iceberg table of patches, for Iceberg's own actions. */
  public Table patches() {
    return tables.patches().orElseThrow();
  }

  /** The Iceberg table of rejected rows. */
  public Table rejected() {
    return tables.rejected().orElseThrow();
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
   * How old a file that no snapshot names must be to be litter; zero where nobody else can write.
   */
  public Duration litterAge() {
    return guard.litterAge();
  }

  /**
   * Removes the rejected rows and the records of runs that no snapshot names: of runs that failed,
   * and of those whose snapshots have expired. Those of a run that may be about to commit stay.
   *
   * @return how many records were deleted
   */
  public int forgetOtherRuns(Instant now) {
    Instant before = litterAge().isZero() ? Instant.MAX : now.minus(litterAge());
    Set<String> kept = new HashSet<>();
    opened().snapshots().forEach(snapshot -> kept.add(snapshot.runId()));
    Table rejected = rejected();
    for (Snapshot snapshot : rejected.snapshots()) {
      String runId = snapshot.summary().get(TableLayout.RUN_ID_KEY);
      if (runId != null && !Instant.ofEpochMilli(snapshot.timestampMillis()).isBefore(before)) {
        kept.add(runId);
      }
    }
    Set<String> forgotten = runsWithRows(rejected);
    forgotten.removeAll(kept);
    if (!forgotten.isEmpty()) {
      // By their names: rows that come meanwhile are not looked at.
      rejected
          .newDelete()
          .deleteFromRowFilter(Expressions.in(TableLayout.RUN_ID, forgotten.toArray()))
          .commit();
    }
    return tables.home().records().deleteAllBut(kept, before);
  }

  /** The table is partitioned by run. */
  private static Set<String> runsWithRows(Table rejected) {
    Set<String> runs = new HashSet<>();
    Snapshot newest = rejected.currentSnapshot();
    if (newest != null) {
      for (DataFile file : LiveFiles.of(rejected, newest.snapshotId(), Expressions.alwaysTrue())) {
        runs.add(file.partition().get(0, String.class));
      }
    }
    return runs;
  }

  /** Fails if somebody has taken this process for dead. */
  public void check() {
    guard.check();
  }

  @Override
  public void close() {
    guard.close();
  }

  private PatchTable opened() {
    PatchTable table = PatchTable.open(tables.home(), hadoop);
    Check.data(
        !table.snapshots().isEmpty(),
        "the table %s has no rows yet: no prepare has finished",
        table.location());
    return table;
  }
}
