/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;

/** A prepared table, opened to be read. Needs no Spark. */
public final class PatchTable {
  private final TableFolder folder;
  private final Table table;
  private final Configuration hadoop;

  PatchTable(TableFolder folder, Table table, Configuration hadoop) {
    this.folder = folder;
    this.table = table;
    this.hadoop = hadoop;
  }

  /**
   * Opens the table of a folder.
   *
   * @param location the folder, a path or URI of any Hadoop filesystem
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user when there is no such
   *     folder, the data when it holds no table or one of another schema version
   */
  public static PatchTable open(String location, Configuration hadoop) {
    TableFolder folder = TableFolder.of(location, hadoop);
    Check.that(folder.exists(), "no table at %s: there is no such folder", location);
    return folder
        .patches()
        .map(table -> new PatchTable(folder, table, hadoop))
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.DATA,
                    "no table at %s: the folder holds no patch table; make one with: prepare --output %s",
                    location,
                    location));
  }

  /** The folder, qualified with its filesystem. */
  public String location() {
    return folder.location();
  }

  /** The newest snapshot. */
  public TableSnapshot snapshot() {
    Snapshot current = table.currentSnapshot();
    Check.data(
        current != null,
        "the table %s has no rows yet: no prepare has finished; run prepare again",
        folder.location());
    return new TableSnapshot(this, current);
  }

  /** A snapshot by its id, to which a training run is pinned. */
  public TableSnapshot snapshot(long id) {
    Snapshot snapshot = table.snapshot(id);
    Check.data(
        snapshot != null,
        "the table %s has no snapshot %d any more; it has %s",
        folder.location(),
        id,
        snapshots().stream().map(TableSnapshot::snapshotId).toList());
    return new TableSnapshot(this, snapshot);
  }

  /** All snapshots that the table still has, oldest first. */
  public List<TableSnapshot> snapshots() {
    List<TableSnapshot> snapshots = new ArrayList<>();
    table.snapshots().forEach(snapshot -> snapshots.add(new TableSnapshot(this, snapshot)));
    return snapshots;
  }

  /** The shape of every row's patches. */
  public PatchShape shape() {
    return new PatchShape(
        number(TableLayout.IMAGE_SIZE_KEY),
        number(TableLayout.PATCH_SIZE_KEY),
        number(TableLayout.CHANNELS_KEY));
  }

  /** The preparing configuration's keys and values. */
  public Map<String, String> configuration() {
    Map<String, String> found = new TreeMap<>();
    table
        .properties()
        .forEach(
            (key, value) -> {
              if (key.startsWith(TableLayout.CONFIGURATION_PREFIX)) {
                found.put(key.substring(TableLayout.CONFIGURATION_PREFIX.length()), value);
              }
            });
    return found;
  }

  /** SHA-256 of the keys that decide what the rows are; equal tables were prepared alike. */
  public String fingerprint() {
    return table.properties().getOrDefault(TableLayout.FINGERPRINT_KEY, "");
  }

  /** The schema version, which is always this program's: others are refused on opening. */
  public int schemaVersion() {
    return TableLayout.VERSION;
  }

  /** The data files of the rejected rows of a run, sorted. */
  List<String> rejectedFiles(String runId) {
    return folder
        .rejected()
        .filter(rejected -> rejected.currentSnapshot() != null)
        .map(
            rejected ->
                LiveFiles.locations(
                    rejected,
                    rejected.currentSnapshot().snapshotId(),
                    Expressions.equal(TableLayout.RUN_ID, runId)))
        .orElse(List.of());
  }

  Table iceberg() {
    return table;
  }

  Configuration hadoop() {
    return hadoop;
  }

  private int number(String property) {
    String value = table.properties().get(property);
    Check.data(value != null, "the table %s lacks the property %s", folder.location(), property);
    return Integer.parseInt(value);
  }
}
