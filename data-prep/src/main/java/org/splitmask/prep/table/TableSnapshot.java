/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;

/** One immutable state of the table: its files, row groups and statistics. */
public final class TableSnapshot {
  /** How unlabelled pictures are counted in {@link #labelCounts}. */
  public static final String UNLABELLED = "";

  private final PatchTable table;
  private final Snapshot snapshot;

  TableSnapshot(PatchTable table, Snapshot snapshot) {
    this.table = table;
    this.snapshot = snapshot;
  }

  public long snapshotId() {
    return snapshot.snapshotId();
  }

  /** When it was committed, milliseconds since 1970. */
  public long committedAt() {
    return snapshot.timestampMillis();
  }

  /** The table's name for people and for later commands. */
  public String location() {
    return table.location();
  }

  /** The folder, on a Hadoop filesystem, of the codebooks that are fitted on the table. */
  public String codebooks() {
    return table.codebooks();
  }

  /**
   * The shape of every row's patches: the snapshot's own, which a rebuild may since have changed.
   */
  public PatchShape shape() {
    Map<String, String> summary = summary();
    return new PatchShape(
        number(summary, TableLayout.IMAGE_SIZE_KEY),
        number(summary, TableLayout.PATCH_SIZE_KEY),
        number(summary, TableLayout.CHANNELS_KEY));
  }

  /** The keys that decide what the rows are, with their values when the snapshot was made. */
  public Map<String, String> configuration() {
    Map<String, String> configuration = new TreeMap<>();
    String prefix = TableLayout.CONFIGURATION_PREFIX.substring(TableLayout.PREFIX.length());
    summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                configuration.put(key.substring(prefix.length()), value);
              }
            });
    return configuration;
  }

  private int number(Map<String, String> summary, String property) {
    String value = summary.get(property.substring(TableLayout.PREFIX.length()));
    Check.data(value != null, "snapshot %d of %s lacks %s", snapshotId(), location(), property);
    return Integer.parseInt(value);
  }

  /** Pictures per split and the train split's pixel statistics. */
  public TableStatistics statistics() {
    return totals().statistics();
  }

  /** Counts and pixel sums, from which the next run goes on. */
  public TableTotals totals() {
    return SnapshotSummary.totals(summary());
  }

  /** The run of prepare that made these rows. */
  public String runId() {
    return summary().getOrDefault(SnapshotSummary.RUN_ID, "");
  }

  /** What prepare wrote about its run, by the names of its result. */
  public Map<String, String> summary() {
    Map<String, String> nearest = SnapshotSummary.ours(snapshot);
    Snapshot at = snapshot;
    // A compaction by another program keeps the rows and writes no summary of ours.
    while (nearest.isEmpty() && at != null && at.parentId() != null) {
      at = table.iceberg().snapshot(at.parentId());
      nearest = at == null ? nearest : SnapshotSummary.ours(at);
    }
    return nearest;
  }

  /**
   * The row groups of one split, ordered by file and place in the file. The footers are read, in
   * parallel; nothing else is.
   */
  public List<RowGroup> rowGroups(Split split) {
    return rowGroups(files(Expressions.equal(TableLayout.SPLIT, split.word())));
  }

  /** The locations of the live data files, sorted; each is a Parquet file that anything reads. */
  public List<String> dataFiles() {
    return files(Expressions.alwaysTrue());
  }

  /** The data files of the rejected rows that count with this snapshot, sorted. */
  public List<String> rejectedFiles() {
    return table.rejectedFiles(runId());
  }

  /** The live data files with their sizes in bytes. */
  public Map<String, Long> dataFileBytes() {
    Map<String, Long> bytes = new TreeMap<>();
    LiveFiles.of(table.iceberg(), snapshotId(), Expressions.alwaysTrue())
        .forEach(file -> bytes.put(file.location(), file.fileSizeInBytes()));
    return bytes;
  }

  /** The labels, sorted and distinct. Reads the label column of every file. */
  public List<String> labels() {
    TreeSet<String> labels = new TreeSet<>();
    labelCounts().values().forEach(counts -> labels.addAll(counts.keySet()));
    labels.remove(UNLABELLED);
    return List.copyOf(labels);
  }

  /** Pictures by split and label. Reads the label column of every file. */
  public Map<Split, Map<String, Long>> labelCounts() {
    Map<Split, Map<String, Long>> counts = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      Map<String, Long> ofSplit = new TreeMap<>();
      rowGroups(split).parallelStream()
          .flatMap(group -> labelsOf(group).stream())
          .forEachOrdered(label -> ofSplit.merge(label, 1L, Long::sum));
      counts.put(split, ofSplit);
    }
    return counts;
  }

  private List<String> labelsOf(RowGroup group) {
    List<String> labels = new ArrayList<>();
    List<String> columns = List.of(TableLayout.LABEL);
    for (@Nullable Object[] row :
        ParquetRows.read(group.file(), group.ordinal(), columns, table.hadoop())) {
      labels.add(row[0] == null ? UNLABELLED : String.valueOf(row[0]));
    }
    return labels;
  }

  private List<RowGroup> rowGroups(List<String> files) {
    return files.parallelStream()
        .flatMap(file -> ParquetRows.rowGroups(file, table.hadoop()).stream())
        .sorted(Comparator.comparing(RowGroup::file).thenComparingInt(RowGroup::ordinal))
        .toList();
  }

  private List<String> files(Expression rows) {
    return LiveFiles.locations(table.iceberg(), snapshotId(), rows);
  }
}
