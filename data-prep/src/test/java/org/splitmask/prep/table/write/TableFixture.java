/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;

/** A table with a few rows. */
abstract class TableFixture {
  static final Configuration HADOOP = new Configuration();
  static final PatchShape SHAPE = new PatchShape(16, 4, 3);
  static final Map<String, String> COUNTS = Map.of("found", "41");

  @TempDir Path folder;
  String location = "";

  @BeforeEach
  void nameTheTable() {
    location = folder.resolve("table").toString();
  }

  /** Where the tests' table is. */
  TableHome home() {
    return TableHome.of(location, HADOOP);
  }

  static String dataFileOf(AcceptedRow row, TableState state) {
    for (String file : state.pictureFiles().keySet()) {
      for (var known = KnownRows.pictures(file, HADOOP); known.hasNext(); ) {
        if (known.next() instanceof KnownRow.Picture picture && picture.info().equals(row.info())) {
          return file;
        }
      }
    }
    throw new AssertionError("no row of " + row.info());
  }

  static List<PictureInfo> infos(TableSnapshot snapshot) {
    List<PictureInfo> infos = new ArrayList<>();
    for (String file : snapshot.dataFiles()) {
      KnownRows.pictures(file, HADOOP)
          .forEachRemaining(known -> infos.add(((KnownRow.Picture) known).info()));
    }
    return infos;
  }

  TableSnapshot write(PatchShape shape, String runId, List<AcceptedRow> rows) throws IOException {
    return write(shape, runId, ExistingRows.KEPT, rows);
  }

  TableSnapshot write(PatchShape shape, String runId, ExistingRows existing, List<AcceptedRow> rows)
      throws IOException {
    try (TableRun run = TableRun.begin(home(), identity(shape), existing, runId, HADOOP)) {
      List<TaskFiles> written = writeTasks(run, rows);
      run.commitRejected(written);
      return run.commitPatches(written, COUNTS);
    }
  }

  /** Two tasks of a run, each with half of the rows and a rejected file. */
  static List<TaskFiles> writeTasks(TableRun run, List<AcceptedRow> rows) throws IOException {
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
    return written;
  }

  /** As Spark ships it between the driver and a task. */
  static <T extends Serializable> T shipped(T value) {
    return SerializationUtils.roundtrip(value);
  }

  static List<PatchRow> read(TableSnapshot snapshot, Split split) {
    List<PatchRow> rows = new ArrayList<>();
    snapshot.rowGroups(split).forEach(group -> rows.addAll(RowGroupReader.read(group, HADOOP)));
    return rows;
  }

  /** Half of the rows for training, a quarter each for validation and test. */
  static List<AcceptedRow> rows(PatchShape shape, int count, String seed) {
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

  static RejectedRow rejected(String path) {
    return new RejectedRow(new FileStamp(path, "file:/in", 0, 0), null, "empty", "no bytes", null);
  }

  static TableIdentity identity(PatchShape shape) {
    Map<String, String> identity = Map.of("image-size", String.valueOf(shape.imageSize()));
    return new TableIdentity(shape, identity, identity, "fingerprint of " + shape);
  }

  static void blamed(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(blame);
  }
}
