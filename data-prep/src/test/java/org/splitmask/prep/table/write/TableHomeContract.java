/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.TableName;

/** What holds of a table wherever it lives. */
abstract class TableHomeContract extends TableFixture {
  @Override
  abstract TableHome home();

  @Test
  void aTableIsMissingUntilARunMakesIt() throws IOException {
    home().checkUsable();
    assertThat(PatchTable.find(home(), HADOOP)).isEmpty();
    assertThatThrownBy(() -> PatchTable.open(home(), HADOOP))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("no table at " + location);
    assertThatThrownBy(() -> TableMaintenance.begin(home(), "cleaning", HADOOP))
        .hasMessageContaining("no table at " + location);

    TableSnapshot written = write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));

    home().checkUsable();
    TableSnapshot found = PatchTable.open(home(), HADOOP).snapshot();
    assertThat(found.snapshotId()).isEqualTo(written.snapshotId());
    assertThat(found.location()).isEqualTo(home().location());
    assertThat(read(found, Split.TRAIN)).hasSize(4);
    assertThat(found.rejectedFiles()).hasSize(2);
  }

  @Test
  void aTableIsMadeOnce() {
    TableHome home = home();
    assertThat(home.find(TableName.REJECTED)).isEmpty();

    String first = create(home);

    assertThat(create(home)).isEqualTo(first);
    assertThat(home.find(TableName.REJECTED).orElseThrow().uuid()).hasToString(first);
  }

  private static String create(TableHome home) {
    return String.valueOf(
        home.create(
                TableName.REJECTED,
                TableSchemas.REJECTED_SCHEMA,
                TableSchemas.REJECTED_SPEC,
                Map.of("format-version", "2"))
            .uuid());
  }

  @Test
  void recordsAndCodebooksAreWhereTheHomeSays() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    try (TableRun run = begin("run-2")) {
      run.writeRecord("{\"run\": 2}");
    }

    Path record = path(home().records().location("run-2"));
    assertThat(record).hasContent("{\"run\": 2}");
    assertThat(record.toString()).startsWith(path(home().folder()) + "/");
    assertThat(path(home().codebooks()).toString()).startsWith(path(home().folder()) + "/");
    assertThat(PatchTable.open(home(), HADOOP).snapshot().codebooks())
        .isEqualTo(home().codebooks());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 12})
  void ofTwoWritersTheSecondIsSentAwayOrLosesAndNothingIsLost(int before) throws IOException {
    List<AcceptedRow> kept = new ArrayList<>(rows(SHAPE, before, "run-0"));
    if (before > 0) {
      write(SHAPE, "run-0", kept);
    }
    List<AcceptedRow> added = rows(SHAPE, 8, "run-1");
    try (TableRun first = begin("run-1")) {
      List<TaskFiles> written = writeTasks(first, added);
      List<TableSnapshot> commits = new ArrayList<>();
      blamed(
          () -> {
            try (TableRun second = begin("run-2")) {
              List<TaskFiles> late = writeTasks(second, rows(SHAPE, 8, "run-2"));
              commits.add(first.commitPatches(written, COUNTS));
              second.commitPatches(late, COUNTS);
            }
          },
          Blame.CLUSTER,
          "run");
      if (commits.isEmpty()) {
        first.commitPatches(written, COUNTS);
      }
    }

    kept.addAll(added);
    TableSnapshot after = PatchTable.open(home(), HADOOP).snapshot();
    assertThat(infos(after)).containsExactlyInAnyOrderElementsOf(infos(kept));
    assertThat(after.statistics().total()).isEqualTo(before + 8);
    assertThat(filesOf("run-1")).isNotEmpty();
    assertThat(filesOf("run-2")).isEmpty();
    write(SHAPE, "run-3", rows(SHAPE, 4, "run-3")); // nothing is left that keeps it away
  }

  @Test
  void cleaningLeavesARunAloneThatIsUnderWay() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    try (TableRun run = begin("run-2")) {
      List<TaskFiles> written = writeTasks(run, rows(SHAPE, 8, "run-2"));
      run.commitRejected(written);
      run.writeRecord("{}");
      cleanOrBeSentAway();
      run.commitPatches(written, COUNTS);
    }

    TableSnapshot after = PatchTable.open(home(), HADOOP).snapshot();
    assertThat(after.runId()).isEqualTo("run-2");
    assertThat(rejectedPaths(after)).containsExactlyInAnyOrder("bad-0", "bad-1");
    assertThat(path(home().records().location("run-2"))).exists();
  }

  private void cleanOrBeSentAway() {
    try (TableMaintenance cleaning = TableMaintenance.begin(home(), "cleaning", HADOOP)) {
      assertThat(cleaning.litterAge()).isPositive();
      assertThat(cleaning.forgetOtherRuns(Instant.now())).isZero();
    } catch (SplitMaskException e) {
      assertThat(e.blame()).isEqualTo(Blame.CLUSTER);
    }
  }

  @Test
  void cleaningForgetsARunThatFailed() throws IOException {
    write(SHAPE, "run-1", rows(SHAPE, 8, "run-1"));
    try (TableRun run = begin("run-2")) {
      run.commitRejected(writeTasks(run, rows(SHAPE, 8, "run-2")));
      run.writeRecord("{}");
    }

    try (TableMaintenance cleaning = TableMaintenance.begin(home(), "cleaning", HADOOP)) {
      Instant later = Instant.now().plus(cleaning.litterAge()).plus(Duration.ofMinutes(1));
      assertThat(cleaning.forgetOtherRuns(later)).isEqualTo(1);
    }
    assertThat(path(home().records().location("run-2"))).doesNotExist();
    TableSnapshot after = PatchTable.open(home(), HADOOP).snapshot();
    assertThat(rejectedPaths(after)).containsExactlyInAnyOrder("bad-0", "bad-1");
    try (var files = home().find(TableName.REJECTED).orElseThrow().newScan().planFiles()) {
      assertThat(files).as("run-1's own alone").hasSize(2);
    }
  }

  private TableRun begin(String runId) {
    return TableRun.begin(home(), identity(SHAPE), ExistingRows.KEPT, runId, HADOOP);
  }

  private static List<PictureInfo> infos(List<AcceptedRow> rows) {
    return rows.stream().map(AcceptedRow::info).toList();
  }

  private static List<String> rejectedPaths(TableSnapshot snapshot) {
    List<String> paths = new ArrayList<>();
    for (String file : snapshot.rejectedFiles()) {
      KnownRows.rejected(file, HADOOP)
          .forEachRemaining(row -> paths.add(((KnownRow.Rejected) row).file().path()));
    }
    return paths;
  }

  private List<Path> filesOf(String runId) throws IOException {
    try (var files = Files.walk(path(home().folder()))) {
      return files
          .filter(file -> file.toString().endsWith(".parquet") && file.toString().contains(runId))
          .toList();
    }
  }

  private static Path path(String location) {
    return location.startsWith("file:")
        ? Path.of(URI.create(location).getPath())
        : Path.of(location);
  }
}
