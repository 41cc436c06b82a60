/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.patch.PatchShape;

/** The table without Spark: written by two "tasks", committed, read. */
class TableTest {
  private static final Configuration HADOOP = new Configuration();
  private static final PatchShape SHAPE = new PatchShape(16, 4, 3);
  private static final Map<String, String> COUNTS = Map.of("found", "41");

  @TempDir private Path folder;
  private String location = "";

  @BeforeEach
  void nameTheTable() {
    location = folder.resolve("table").toString();
  }

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
        TableRun.begin(location, identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP)) {
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

  private static String dataFileOf(AcceptedRow row, TableState state) {
    for (String file : state.pictureFiles().keySet()) {
      for (var known = KnownRows.pictures(file, HADOOP); known.hasNext(); ) {
        if (known.next() instanceof KnownRow.Picture picture && picture.info().equals(row.info())) {
          return file;
        }
      }
    }
    throw new AssertionError("no row of " + row.info());
  }

  private static List<PictureInfo> infos(TableSnapshot snapshot) {
    List<PictureInfo> infos = new ArrayList<>();
    for (String file : snapshot.dataFiles()) {
      KnownRows.pictures(file, HADOOP)
          .forEachRemaining(known -> infos.add(((KnownRow.Picture) known).info()));
    }
    return infos;
  }

  @Test
  void aTaskThatFailsLeavesNoFile() throws IOException {
    try (TableRun run =
        TableRun.begin(location, identity(SHAPE), ExistingRows.KEPT, "run-1", HADOOP)) {
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

  @Test
  void aTableMadeWithOtherSettingsIsRefusedAndKept() throws IOException {
    long before = write(SHAPE, "run-1", rows(SHAPE, 8, "run-1")).snapshotId();

    blamed(
        () ->
            TableRun.begin(
                location, identity(new PatchShape(32, 4, 3)), ExistingRows.KEPT, "run-2", HADOOP),
        Blame.USER,
        "prepared with other settings: {image-size=16, now 32}",
        "another --output");
    assertThat(PatchTable.open(location, HADOOP).snapshot().snapshotId()).isEqualTo(before);
    write(SHAPE, "run-3", rows(SHAPE, 8, "run-3")); // the refused run has given its lease back
  }

  @Test
  void aTableOfAnotherSchemaVersionIsRefused() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    Table iceberg = new HadoopTables(HADOOP).load(location + "/patches");
    iceberg.updateProperties().set("splitmask.schema-version", "7").commit();

    String[] message = {"schema version 7", "reads version 2", "into a new folder"};
    blamed(() -> PatchTable.open(location, HADOOP), Blame.DATA, message);
    blamed(
        () -> TableRun.begin(location, identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP),
        Blame.DATA,
        message);
  }

  @Test
  void aTableWithDeleteFilesIsRefused() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    Table iceberg = new HadoopTables(HADOOP).load(location + "/patches");
    DataFile data = iceberg.newScan().planFiles().iterator().next().file();
    DeleteFile deletes =
        FileMetadata.deleteFileBuilder(iceberg.spec())
            .ofPositionDeletes()
            .withPath(location + "/patches/data/deletes.parquet")
            .withPartition(data.partition())
            .withFileSizeInBytes(10)
            .withRecordCount(1)
            .build();
    iceberg.newRowDelta().addDeletes(deletes).commit();

    TableSnapshot snapshot = PatchTable.open(location, HADOOP).snapshot();
    blamed(snapshot::dataFiles, Blame.DATA, "has delete files", "rewrite_data_files");
    // Not ours, so it says nothing of statistics; the parent's still hold.
    assertThat(snapshot.statistics().total()).isEqualTo(8);
  }

  @Test
  void placesWithoutATableAreToldApart() throws IOException {
    blamed(() -> PatchTable.open(location, HADOOP), Blame.USER, "no such folder");
    Files.createDirectories(Path.of(location));
    blamed(() -> PatchTable.open(location, HADOOP), Blame.DATA, "holds no patch table");
    blamed(
        () -> PatchTable.open("s3a://bucket/table", HADOOP),
        Blame.USER,
        "object store",
        "atomic rename");
    Files.createDirectories(Path.of(location, "patches"));
    blamed(
        () -> TableRun.check(location, identity(SHAPE), ExistingRows.KEPT, HADOOP),
        Blame.USER,
        "exists and is no table");
    Path file = Files.createFile(folder.resolve("file"));
    blamed(
        () -> TableRun.check(file.toString(), identity(SHAPE), ExistingRows.KEPT, HADOOP),
        Blame.USER,
        "is a file");
  }

  @Test
  void aSnapshotThatIsGoneIsNamed() throws IOException {
    TableSnapshot snapshot = write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));

    blamed(
        () -> PatchTable.open(location, HADOOP).snapshot(5),
        Blame.DATA,
        "no snapshot 5 any more",
        String.valueOf(snapshot.snapshotId()));
  }

  @Test
  void aDataFileThatIsGoneIsNamed() throws IOException {
    TableSnapshot snapshot = write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    RowGroup group = snapshot.rowGroups(Split.TRAIN).get(0);
    RowGroup beyond = new RowGroup(group.file(), 9, group.rows(), group.bytes());
    RowGroup longer = new RowGroup(group.file(), 0, 99, group.bytes());

    blamed(() -> RowGroupReader.read(beyond, HADOOP), Blame.DATA, "row group 9 was asked for");
    blamed(() -> RowGroupReader.read(longer, HADOOP), Blame.DATA, "99 were expected");
    Files.delete(Path.of(group.file().replace("file:", "")));
    blamed(() -> RowGroupReader.read(group, HADOOP), Blame.DATA, group.file() + " is gone");
  }

  private TableSnapshot write(PatchShape shape, String runId, List<AcceptedRow> rows)
      throws IOException {
    return write(shape, runId, ExistingRows.KEPT, rows);
  }

  private TableSnapshot write(
      PatchShape shape, String runId, ExistingRows existing, List<AcceptedRow> rows)
      throws IOException {
    try (TableRun run = TableRun.begin(location, identity(shape), existing, runId, HADOOP)) {
      WriteTarget target = shipped(run.target());
      List<TaskFiles> written = new ArrayList<>();
      int half = rows.size() / 2;
      for (int task = 0; task < 2; task++) {
        try (TaskWriter writer = new TaskWriter(target, task, task)) {
          rows.subList(task * half, task == 0 ? half : rows.size()).forEach(writer::accept);
          writer.reject(rejected("bad-" + task));
          written.add(shipped(writer.finish()));
        }
      }
      run.commitRejected(written);
      return run.commitPatches(written, COUNTS);
    }
  }

  /** As Spark ships it between the driver and a task. */
  private static <T extends Serializable> T shipped(T value) {
    return SerializationUtils.roundtrip(value);
  }

  private static List<PatchRow> read(TableSnapshot snapshot, Split split) {
    List<PatchRow> rows = new ArrayList<>();
    snapshot.rowGroups(split).forEach(group -> rows.addAll(RowGroupReader.read(group, HADOOP)));
    return rows;
  }

  /** Half of the rows for training, a quarter each for validation and test. */
  private static List<AcceptedRow> rows(PatchShape shape, int count, String seed) {
    Random random = new Random(seed.hashCode());
    Split[] splits = {Split.TRAIN, Split.TEST, Split.TRAIN, Split.VALIDATION};
    String[] labels = {"hats", "bags", null};
    List<AcceptedRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] patches = new byte[shape.bytes()];
      random.nextBytes(patches);
      rows.add(
          new AcceptedRow(
              new PictureInfo(
                  String.format("%064x", random.nextLong() >>> 1),
                  "file:/in/" + i + ".jpg",
                  "file:/in",
                  labels[i % 3],
                  splits[i % 4],
                  10,
                  1_700_000_000_123L,
                  "jpeg",
                  40,
                  30,
                  i % 5 == 0 ? "Adobe RGB (1998)" : null,
                  seed),
              patches));
    }
    return rows;
  }

  private static RejectedRow rejected(String path) {
    return new RejectedRow(new FileStamp(path, "file:/in", 0, 0), null, "empty", "no bytes", null);
  }

  private static TableIdentity identity(PatchShape shape) {
    Map<String, String> identity = Map.of("image-size", String.valueOf(shape.imageSize()));
    return new TableIdentity(shape, identity, identity, "fingerprint of " + shape);
  }

  private static void blamed(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(blame);
  }
}
