/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.TableStatistics;

/** The table without Spark: written by two "tasks", committed, read. */
class TableTest extends TableFixture {
  @Test
  void givesBackWhatWasWritten() throws IOException {
    List<AcceptedRow> rows = rows(SHAPE, 40, "run-1");
    TableSnapshot snapshot = write(SHAPE, "run-1", rows);

    for (Split split : Split.values()) {
      List<AcceptedRow> expected = rows.stream().filter(r -> r.info().split() == split).toList();
      List<PatchRow> read = read(snapshot, split);
      assertThat(read).hasSameSizeAs(expected);
      for (int i = 0; i < read.size(); i++) {
        assertThat(read.get(i).imageId()).isEqualTo(expected.get(i).info().imageId());
        assertThat(read.get(i).path()).isEqualTo(expected.get(i).info().path());
        assertThat(read.get(i).label()).isEqualTo(expected.get(i).info().label());
        assertThat(read.get(i).patches()).isEqualTo(expected.get(i).patches());
      }
    }
    assertThat(snapshot.shape()).isEqualTo(SHAPE);
    assertThat(snapshot.labels()).containsExactly("bags", "hats");
    assertThat(snapshot.labelCounts().get(Split.TRAIN)).containsKey(TableSnapshot.UNLABELLED);
    assertThat(snapshot.dataFiles()).hasSize(6).isSorted();
    assertThat(snapshot.runId()).isEqualTo("run-1");
    assertThat(snapshot.summary()).containsEntry("found", "41");
  }

  @Test
  void statisticsAreTheTrainSplitsOwn() throws IOException {
    List<AcceptedRow> rows = rows(SHAPE, 40, "run-1");
    TableStatistics statistics = write(SHAPE, "run-1", rows).statistics();

    assertThat(statistics.total()).isEqualTo(40);
    assertThat(statistics.images(Split.TEST)).isEqualTo(10);
    for (int c = 0; c < 3; c++) {
      List<Double> values = new ArrayList<>();
      for (AcceptedRow row : rows) {
        for (int i = c; row.info().split() == Split.TRAIN && i < row.patches().length; i += 3) {
          values.add(Byte.toUnsignedInt(row.patches()[i]) / 255.0);
        }
      }
      double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
      double variance =
          values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();
      assertThat(statistics.pixelMean().get(c)).isCloseTo(mean, within(1e-12));
      assertThat(statistics.pixelStd().get(c)).isCloseTo(Math.sqrt(variance), within(1e-12));
    }
  }

  @Test
  void rowGroupsOfFullPicturesAreEightToSixteenMegabytes() throws IOException {
    PatchShape full = new PatchShape(224, 16, 3);
    TableSnapshot snapshot = write(full, "run-1", rows(full, 400, "run-1"));

    List<RowGroup> groups = snapshot.rowGroups(Split.TRAIN);
    assertThat(groups).hasSizeGreaterThan(2);
    assertThat(groups.stream().mapToInt(RowGroup::rows).sum()).isEqualTo(200);
    RowGroup first = groups.get(0);
    assertThat(first.bytes()).isBetween(8L << 20, 16L << 20);
    assertThat(RowGroupReader.read(first, HADOOP)).hasSize(first.rows());
  }

  @Test
  void aRunAddsToTheRowsAndTheOldSnapshotStays() throws IOException {
    long before = write(SHAPE, "run-1", rows(SHAPE, 40, "run-1")).snapshotId();
    TableSnapshot after = write(SHAPE, "run-2", rows(SHAPE, 12, "run-2"));

    PatchTable table = PatchTable.open(location, HADOOP);
    assertThat(table.snapshot().snapshotId()).isEqualTo(after.snapshotId()).isNotEqualTo(before);
    assertThat(read(table.snapshot(), Split.TEST)).hasSize(13);
    assertThat(read(table.snapshot(before), Split.TEST)).hasSize(10);
    assertThat(table.snapshot().statistics().total()).isEqualTo(52);
    assertThat(table.snapshot(before).statistics().total()).isEqualTo(40);
    assertThat(table.snapshots()).hasSize(2);
  }

  @Test
  void aRebuildReplacesRowsAndSettingsAndTheOldSnapshotKeepsItsShape() throws IOException {
    PatchShape larger = new PatchShape(32, 4, 3);
    long before = write(SHAPE, "run-1", rows(SHAPE, 40, "run-1")).snapshotId();
    TableSnapshot after = write(larger, "run-2", ExistingRows.REPLACED, rows(larger, 12, "run-2"));

    PatchTable table = PatchTable.open(location, HADOOP);
    assertThat(after.statistics().total()).isEqualTo(12);
    assertThat(after.shape()).isEqualTo(larger);
    assertThat(table.configuration()).containsEntry("image-size", "32");
    assertThat(table.snapshot(before).shape()).isEqualTo(SHAPE);
    assertThat(table.snapshot(before).configuration()).containsEntry("image-size", "16");
    assertThat(read(table.snapshot(before), Split.TEST)).hasSize(10);
  }

  @Test
  void aRewrittenFileHasTheRowsThatStayAndTheStatisticsFollow() throws IOException {
    List<AcceptedRow> rows = rows(SHAPE, 40, "run-1");
    write(SHAPE, "run-1", rows);
    AcceptedRow gone = rows.get(0);
    AcceptedRow moved = rows.get(2);
    PictureInfo elsewhere =
        moved
            .info()
            .at(new FileStamp("file:/new.jpg", "file:/", 11, 5), "caps", Split.TEST, "run-2");
    try (TableRun run =
        TableRun.begin(home(), identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP)) {
      TaskFiles written;
      try (TaskWriter writer = new TaskWriter(run.target(), 0, 0)) {
        String dataFile = dataFileOf(gone, run.state());
        assertThat(dataFileOf(moved, run.state())).isEqualTo(dataFile);
        new DataFileRewriter(writer, HADOOP)
            .rewrite(
                dataFile,
                List.of(
                    new RowEdit(dataFile, gone.info().imageId(), null),
                    new RowEdit(dataFile, moved.info().imageId(), elsewhere)));
        written = writer.finish();
      }
      run.commitPatches(List.of(written), COUNTS);
    }

    List<AcceptedRow> expected = new ArrayList<>(rows);
    expected.remove(gone);
    expected.set(expected.indexOf(moved), new AcceptedRow(elsewhere, moved.patches()));
    TableSnapshot after = PatchTable.open(location, HADOOP).snapshot();
    assertThat(infos(after))
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(AcceptedRow::info).toList());
    Path fresh = folder.resolve("fresh");
    location = fresh.toString();
    TableStatistics atOnce = write(SHAPE, "run-3", expected).statistics();
    assertThat(after.statistics()).isEqualTo(atOnce);
  }

  @Test
  void aTaskThatFailsLeavesNoFile() throws IOException {
    try (TableRun run =
        TableRun.begin(home(), identity(SHAPE), ExistingRows.KEPT, "run-1", HADOOP)) {
      try (TaskWriter writer = new TaskWriter(run.target(), 0, 0)) {
        rows(SHAPE, 5, "run-1").forEach(writer::accept);
        writer.reject(rejected("x"));
      }
    }

    try (var files = Files.walk(folder)) {
      assertThat(files.filter(f -> f.toString().endsWith(".parquet"))).isEmpty();
    }
    assertThatThrownBy(() -> PatchTable.open(location, HADOOP).snapshot())
        .hasMessageContaining("has no rows yet");
  }
}
