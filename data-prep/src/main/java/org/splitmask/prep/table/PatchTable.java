/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.home.TableHome;

/**
 * A prepared table, opened to be read. Needs no Spark. Closing it ends what can be asked of the
 * table and of its snapshots.
 */
public final class PatchTable implements AutoCloseable {
  private final TablePair tables;
  private final Table table;
  private final Configuration hadoop;
  private final boolean ownsHome;

  private PatchTable(TablePair tables, Table table, Configuration hadoop, boolean ownsHome) {
    this.tables = tables;
    this.table = table;
    this.hadoop = hadoop;
    this.ownsHome = ownsHome;
  }

  /**
   * Opens a table in a folder.
   *
   * @param location as the user gave it, as a path or URI of any Hadoop filesystem
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user when there is nothing
   *     at the location, the data when that is no table or one of another schema version
   */
  public static PatchTable open(String location, Configuration hadoop) {
    return open(TableAddress.folder(location), hadoop);
  }

  /** Opens a table in a folder or a catalog; fails likewise. */
  public static PatchTable open(TableAddress address, Configuration hadoop) {
    TableHome home = address.home(hadoop);
    try {
      return find(home, hadoop, true).orElseThrow(home::missing);
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  /** Opens the table of a home, which stays its caller's to close; fails likewise. */
  public static PatchTable open(TableHome home, Configuration hadoop) {
    return find(home, hadoop).orElseThrow(home::missing);
  }

  /**
   * The table of a home, which stays its caller's to close, as it is now; nothing where it has not
   * been made.
   */
  public static Optional<PatchTable> find(TableHome home, Configuration hadoop) {
    return find(home, hadoop, false);
  }

  private static Optional<PatchTable> find(TableHome home, Configuration hadoop, boolean ownsHome) {
    TablePair tables = new TablePair(home);
    return tables.patches().map(table -> new PatchTable(tables, table, hadoop, ownsHome));
  }

  /** Its name for people and for later commands: a folder's is qualified with its filesystem. */
  public String location() {
    return tables.home().location();
  }

  /** Whether a run of prepare has finished: until then there are no rows and no settings. */
  public boolean hasSnapshot() {
    return table.currentSnapshot() != null;
  }

  /** The newest snapshot. */
  public TableSnapshot snapshot() {
    Snapshot current = table.currentSnapshot();
    Check.data(
        current != null,
        "the table %s has no rows yet: no prepare has finished; run prepare again",
        location());
    return new TableSnapshot(this, current);
  }

  /** A snapshot by its id, to which a training run is pinned. */
  public TableSnapshot snapshot(long id) {
    Snapshot snapshot = table.snapshot(id);
    Check.data(
        snapshot != null,
        "the table %s has no snapshot %d any more; it has %s",
        location(),
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
    return tables
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

  /** The folder of the codebooks that are fitted on it. */
  String codebooks() {
    return tables.home().codebooks();
  }

  @Override
  public void close() {
    if (ownsHome) {
      tables.home().close();
    }
  }

  Table iceberg() {
    return table;
  }

  Configuration hadoop() {
    return hadoop;
  }

  private int number(String property) {
    String value = table.properties().get(property);
    Check.data(value != null, "the table %s lacks the property %s", location(), property);
    return Integer.parseInt(value);
  }
}
