/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.maintenance.CleanResult;
import org.splitmask.prep.maintenance.TableCleaner;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.ExistingRows;
import org.splitmask.prep.table.write.TableMaintenance;

/** Cleaning, going back, and what a run leaves beside the tables. */
class MaintenanceIT extends RerunFixture {
  private static final Configuration HADOOP = new Configuration();

  @Test
  void cleaningKeepsTheRowsAndLeavesNothingElse() throws IOException {
    for (int night = 0; night < 7; night++) {
      write("hats/new-" + night + ".jpg", jpeg(noise(50, 40, 100 + night)));
      write("hats/bad-" + night + ".jpg", new byte[] {1, 2, 3, (byte) night});
      prepare();
    }
    TableContents before = TableContents.of(table);
    Object statistics = statistics(table);
    Files.writeString(
        Path.of(table, "patches/data/split=train/left-by-a-killed-task.parquet"), "x");
    Files.writeString(Path.of(table, "runs/of-a-run-that-failed.json"), "{}");

    CleanResult result = clean(Duration.ZERO);

    assertThat(result.rewritten()).isGreaterThan(5);
    assertThat(result.orphans()).isEqualTo(1);
    assertThat(TableContents.of(table)).isEqualTo(before);
    assertThat(statistics(table)).isEqualTo(statistics);
    assertThat(snapshots()).hasSize(1);
    assertThat(files("patches/data", ".parquet")).isEqualTo(dataFiles());
    assertThat(files("runs", ".json")).hasSize(1);
    CountedFiles.opened();
    assertThat(prepare()).containsEntry("unchanged", 44L);
    assertThat(CountedFiles.opened()).isEmpty();

    CleanResult again = clean(Duration.ZERO);
    assertThat(again.rewritten() + again.expired() + again.orphans()).isZero();
    write("bags/after.jpg", jpeg(noise(50, 40, 200)));
    assertThat(prepare()).containsEntry("accepted", 1L).containsEntry("unchanged", 44L);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void youngSnapshotsStay() throws IOException {
    prepare();
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    prepare();

    clean(Duration.ofDays(7));

    assertThat(snapshots()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(files("runs", ".json")).hasSize(2);
  }

  @Test
  void aTableGoesBackToAFormerSnapshotWithItsSettings() throws IOException {
    long first = (Long) prepare().get("snapshot");
    TableContents before = TableContents.of(table);
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    long second =
        (Long)
            prepare(
                    new RerunPolicy(
                        ExistingRows.REPLACED, ChangeCheck.STAMP, Vanished.REMOVED, Failed.KEPT),
                    "image-size=48")
                .get("snapshot");

    rollBack(first);

    assertThat(TableContents.of(table)).isEqualTo(before);
    PatchTable opened = PatchTable.open(table, HADOOP);
    assertThat(opened.shape().imageSize()).isEqualTo(32);
    assertThat(opened.configuration()).containsEntry("image-size", "32");
    rollBack(second);
    assertThat(PatchTable.open(table, HADOOP).snapshot().shape().imageSize()).isEqualTo(48);
    rollBack(first);
    // The next run goes on from there.
    assertThat(prepare()).containsEntry("accepted", 1L).containsEntry("unchanged", 30L);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
    assertThatThrownBy(() -> rollBack(7)).hasMessageContaining("no snapshot 7 any more");
  }

  @Test
  void aRunLeavesARecord() throws IOException {
    write("hats/bad.jpg", new byte[] {1, 2, 3});
    write("hats/twin.jpg", Files.readAllBytes(input.resolve("bags/1.jpg")));
    TableSnapshot snapshot = PatchTable.open(prepared(), HADOOP).snapshot();

    JsonNode record =
        new ObjectMapper().readTree(Path.of(table, "runs", snapshot.runId() + ".json").toFile());

    assertThat(record.get("configuration").get("image-size").asText()).isEqualTo("32");
    JsonNode listing = record.get("inputs").get("counted:" + input);
    assertThat(listing.get("files").asInt()).isEqualTo(32);
    assertThat(listing.get("listingDigest").asText()).matches("[0-9a-f]{64}");
    assertThat(record.get("files").get("accepted").asInt()).isEqualTo(30);
    assertThat(record.get("rejectedByReason").toString())
        .isEqualTo("{\"duplicate\":1,\"unsupported-format\":1}");
    assertThat(record.get("conflicts").get(0).asText()).contains("bags/1.jpg", "hats/twin.jpg");
    assertThat(record.get("table").get("formats").toString()).isEqualTo("{\"jpeg\":30}");
    assertThat(record.get("table").get("shorterSides").toString()).isEqualTo("{\"32 to 63\":30}");
    assertThat(record.get("table").get("trainPixelMean").get(0).asDouble())
        .isEqualTo(snapshot.statistics().pixelMean().get(0));
    assertThat(snapshot.summary().toString().length()).isLessThan(2000);
  }

  @Test
  void aSecondWriterIsSentAway() throws IOException {
    prepare();
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    try (TableMaintenance first =
        TableMaintenance.begin(TableHome.of(table, HADOOP), "first", HADOOP)) {
      assertThatThrownBy(this::prepare)
          .hasMessageContainingAll("is being written by run first", "wait for it")
          .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
      first.check();
    }
    assertThat(prepare()).containsEntry("accepted", 1L);
  }

  private String prepared() throws IOException {
    prepare();
    return table;
  }

  private CleanResult clean(Duration keep) {
    try (TableMaintenance maintenance =
        TableMaintenance.begin(TableHome.of(table, HADOOP), "cleaning", HADOOP)) {
      return new TableCleaner(LocalSpark.session(), maintenance, Instant.now()).clean(keep);
    }
  }

  private void rollBack(long snapshot) {
    try (TableMaintenance maintenance =
        TableMaintenance.begin(TableHome.of(table, HADOOP), "back", HADOOP)) {
      maintenance.rollBack(snapshot);
    }
  }

  private Set<String> dataFiles() {
    Set<String> files = new TreeSet<>();
    for (String file : PatchTable.open(table, HADOOP).snapshot().dataFiles()) {
      files.add(file.replace("file:", ""));
    }
    return files;
  }

  private Set<String> files(String below, String suffix) throws IOException {
    try (var walk = Files.walk(Path.of(table, below))) {
      List<String> files = walk.map(Path::toString).filter(f -> f.endsWith(suffix)).toList();
      return new TreeSet<>(files);
    }
  }
}
