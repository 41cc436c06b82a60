/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;

/** Tables that are not what they should be. */
class TableRefusalsTest extends TableFixture {
  @Test
  void aTableMadeWithOtherSettingsIsRefusedAndKept() throws IOException {
    long before = write(SHAPE, "run-1", rows(SHAPE, 8, "run-1")).snapshotId();

    blamed(
        () ->
            TableRun.begin(
                home(), identity(new PatchShape(32, 4, 3)), ExistingRows.KEPT, "run-2", HADOOP),
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
        () -> TableRun.begin(home(), identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP),
        Blame.DATA,
        message);
  }

  @Test
  void aTableOfANewerIcebergIsRefused() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    Path metadata;
    try (Stream<Path> files = Files.list(Path.of(location, "patches/metadata"))) {
      metadata =
          files
              .filter(file -> file.toString().endsWith(".metadata.json"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
    }
    String text = Files.readString(metadata);
    assertThat(text).contains("\"format-version\":2");
    Files.deleteIfExists(metadata.resolveSibling("." + metadata.getFileName() + ".crc"));
    Files.writeString(metadata, text.replace("\"format-version\":2", "\"format-version\":99"));

    String[] message = {"newer Iceberg than 1.12", "newer version of this program", "patches"};
    blamed(() -> PatchTable.open(location, HADOOP), Blame.DATA, message);
    blamed(
        () -> TableRun.begin(home(), identity(SHAPE), ExistingRows.KEPT, "run-2", HADOOP),
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
        "atomic rename",
        "--catalog FILE and CATALOG.NAMESPACE.NAME");
    Files.createDirectories(Path.of(location, "patches"));
    blamed(
        () -> TableRun.check(home(), identity(SHAPE), ExistingRows.KEPT, HADOOP),
        Blame.USER,
        "exists and is no table");
    Path file = Files.createFile(folder.resolve("file"));
    blamed(
        () ->
            TableRun.check(
                TableHome.of(file.toString(), HADOOP), identity(SHAPE), ExistingRows.KEPT, HADOOP),
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
}
