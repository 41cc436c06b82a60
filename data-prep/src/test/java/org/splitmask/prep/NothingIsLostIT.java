/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareStage;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.write.ExistingRows;

/** Night after night: what cannot be opened, and what an input no longer has. */
class NothingIsLostIT extends SourcesFixture {
  private static final RerunPolicy KEEPING =
      new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.KEPT, Failed.KEPT);
  private static final RerunPolicy REBUILDING =
      new RerunPolicy(ExistingRows.REPLACED, ChangeCheck.STAMP, Vanished.REMOVED, Failed.KEPT);

  @Test
  void aDiskThatIsNotMountedKeepsItsRowsAndIsTold() throws IOException {
    for (int i = 0; i < 12; i++) {
      write("disk/dogs/" + i + ".jpg", Pictures.jpeg(Pictures.noise(40, 40, 100 + i)));
    }
    Files.createSymbolicLink(folder.resolve("in/disk"), folder.resolve("disk"));
    assertThat(prepare("t", "in")).containsEntry("accepted", 36L).containsEntry("unreadable", 0L);

    Files.move(folder.resolve("disk"), folder.resolve("away"));
    Map<String, Object> unmounted = prepare("t", "in");

    assertThat(unmounted)
        .containsEntry("removed", 0L)
        .containsEntry("unchanged", 24L)
        .containsEntry("rejected", 1L)
        .containsEntry("unreadable", 1L);
    assertAddsUp(unmounted);
    assertThat(rows(table("t"))).hasSize(36);
    assertThat(rejected(table("t")))
        .containsExactly(Map.entry("file:" + folder + "/in/disk", "unreadable"));

    assertThat(prepare("t", "in"))
        .as("the same night again")
        .containsEntry("unchanged", 25L)
        .containsEntry("unreadable", 1L)
        .containsEntry("snapshot", unmounted.get("snapshot"));

    Files.createDirectory(folder.resolve("disk"));
    assertThat(prepare("t", "in"))
        .as("an empty mount point")
        .containsEntry("removed", 0L)
        .containsEntry("unreadable", 1L);
    Files.delete(folder.resolve("disk"));

    Files.move(folder.resolve("away"), folder.resolve("disk"));
    Map<String, Object> mounted = prepare("t", "in");
    assertThat(mounted)
        .containsEntry("unchanged", 36L)
        .containsEntry("accepted", 0L)
        .containsEntry("unreadable", 0L);
    assertThat(rows(table("t"))).hasSize(36);
  }

  @Test
  void aPictureThatBecomesALinkToNowhereKeepsItsRow() throws IOException {
    prepare("t", "in");
    Path file = folder.resolve("in/hats/0.jpg");
    Files.move(file, folder.resolve("0.jpg"));
    Files.createSymbolicLink(file, folder.resolve("gone.jpg"));

    assertThat(prepare("t", "in"))
        .containsEntry("removed", 0L)
        .containsEntry("unreadable", 1L)
        .containsEntry("unchanged", 23L);
    assertThat(paths("t")).contains("file:" + file);
    assertThat(prepare("t", "in")).containsEntry("unchanged", 24L).containsEntry("unreadable", 1L);

    Files.delete(file);
    Files.move(folder.resolve("0.jpg"), file);
    assertThat(prepare("t", "in")).containsEntry("unchanged", 24L).containsEntry("unreadable", 0L);
    assertThat(paths("t")).hasSize(24);
  }

  @Test
  void anInputThatIsEmptyTonightStopsTheRun() throws IOException {
    List<String> inputs = List.of("in/hats", "in/bags");
    run(inputs, "t", RerunPolicy.INCREMENTAL);
    for (int i = 1; i < PICTURES; i += 2) {
      Files.delete(folder.resolve("in/bags/" + i + ".jpg"));
    }

    blamed(
        () -> run(inputs, "t", RerunPolicy.INCREMENTAL),
        Blame.DATA,
        "in/bags: 12 of 12 pictures",
        "has no file at all",
        "is its disk mounted?",
        "--keep-removed");

    assertThat(rows(table("t"))).hasSize(24);
    run(inputs, "t", KEEPING);
    assertThat(rows(table("t"))).hasSize(24);
    run(inputs, "t", RerunPolicy.INCREMENTAL, "max-removed-share=1");
    assertThat(rows(table("t"))).hasSize(12);
  }

  @Test
  void manyRemovedPicturesStopTheRunAndAFewOrARenamedFolderDoNot() throws IOException {
    prepare("t", "in");
    for (int i = 0; i < 11; i++) {
      Files.delete(folder.resolve("in/" + (i % 2 == 0 ? "hats/" : "bags/") + i + ".jpg"));
    }
    blamed(
        () -> prepare("t", "in"),
        Blame.DATA,
        "11 of 24 pictures",
        "max-removed-share is 0.1 of them");
    assertThat(rows(table("t"))).hasSize(24);

    write("in/bags/1.jpg", pictures.get("bags/1.jpg"));
    assertThat(prepare("t", "in")).as("ten are few").containsEntry("removed", 10L);
    Files.move(folder.resolve("in/hats"), folder.resolve("in/caps"));
    Map<String, Object> renamed = prepare("t", "in");
    assertThat(renamed).containsEntry("accepted", 6L);
    assertThat(rows(table("t"))).hasSize(14);
  }

  @Test
  void aRebuildOverAnInputThatLostMostOfItsPicturesStops() throws IOException {
    prepare("t", "in");
    for (int i = 0; i < PICTURES; i += 2) {
      Files.delete(folder.resolve("in/hats/" + i + ".jpg"));
    }

    blamed(
        () -> run(List.of("in"), "t", REBUILDING),
        Blame.DATA,
        "would have 12 pictures and has 24",
        "max-removed-share");
    assertThat(rows(table("t"))).hasSize(24);
    run(List.of("in"), "t", REBUILDING, "max-removed-share=0.5");
    assertThat(rows(table("t"))).hasSize(12);
  }

  @Test
  void aShardThatIsCutTonightKeepsItsRowsAndCountsWithAllThatItHeld() throws IOException {
    byte[] tar = Archives.tar(withSidecars());
    write("shards/a.tar", tar);
    assertThat(prepare("t", "shards")).containsEntry("accepted", 24L);
    write("shards/a.tar", Arrays.copyOf(tar, tar.length / 2));

    blamed(() -> prepare("t", "shards"), Blame.DATA, "that damaged archives should hold");
    Map<String, Object> allowed = prepare("t", "shards", "max-rejected-share=0.9");

    assertThat(allowed).containsEntry("removed", 0L).containsEntry("rejected", 1L);
    assertAddsUp(allowed);
    assertThat(rows(table("t"))).hasSize(24);

    write("shards/a.tar", tar);
    assertThat(prepare("t", "shards")).containsEntry("unchanged", 24L);
    assertThat(PatchTable.open(table("t"), HADOOP).snapshot().summary())
        .as("no rejected file counts with the newest snapshot")
        .noneSatisfy((key, value) -> assertThat(key).startsWith("rejected."));
  }

  @Test
  void aShardThatIsCutAgainElsewhereLosesNothingAndRejectsOneEntry() throws IOException {
    byte[] tar = Archives.tar(withSidecars());
    write("shards/a.tar", tar);
    prepare("t", "shards");
    for (int length : new int[] {tar.length / 3, tar.length / 2}) {
      write("shards/a.tar", Arrays.copyOf(tar, length));
      prepare("t", "shards", "max-rejected-share=0.9");
      assertThat(rows(table("t"))).hasSize(24);
    }

    assertThat(PatchTable.open(table("t"), HADOOP).snapshot().summary())
        .containsEntry("rejected.truncated", "1");
  }

  @Test
  void anArchiveThatIsEmptyTonightStopsTheRunAndKeepsItsRows() throws IOException {
    write("shards/s.tar", Archives.tar(withSidecars()));
    write("shards/a.jpg", Pictures.jpeg(Pictures.noise(40, 40, 500)));
    prepare("t", "shards");
    write("shards/s.tar", new byte[0]);

    blamed(() -> prepare("t", "shards"), Blame.DATA, "damaged archives should hold");
    assertThat(prepare("t", "shards", "max-rejected-share=0.99")).containsEntry("removed", 0L);
    assertThat(rows(table("t"))).hasSize(25);
    write("other/s.tar", new byte[0]);
    write("other/a.jpg", pictures.get("hats/0.jpg"));
    blamed(
        () -> prepare("u", "other", "max-rejected-share=0.9"),
        Blame.DATA,
        "s.tar (the file has no bytes)",
        "max-rejected-archives=1");
  }

  @Test
  void aFileThatIsEmptyOrBrokenTonightLosesItsPictureAsAnyChangedOne() throws IOException {
    prepare("t", "in");
    write("in/hats/0.jpg", new byte[0]);
    write("in/hats/2.jpg", "<html>".getBytes(StandardCharsets.UTF_8));

    prepare("t", "in", "max-rejected-share=0.9");

    assertThat(rows(table("t"))).hasSize(22);
  }

  @Test
  void archivesInSplitFoldersHaveTheirSplits() throws IOException {
    write("set/train/a.tar", Archives.tar(withSidecars()));
    Map<String, byte[]> one = Map.of("x/1.jpg", Pictures.jpeg(Pictures.noise(40, 40, 77)));
    write("set/test/b.zip", Archives.zip(one));

    Map<String, Object> result = prepare("t", "set");

    assertThat(result.get("images")).isEqualTo(Map.of("train", 24L, "validation", 0L, "test", 1L));
  }

  @Test
  void aCheckByContentThatFindsNothingNewMakesNoSnapshot() throws IOException {
    Files.createSymbolicLink(folder.resolve("in/x.jpg"), Path.of("/not/mounted/x.jpg"));
    Map<String, Object> first = prepare("t", "in");
    RerunPolicy byContent =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.CONTENT, Vanished.REMOVED, Failed.KEPT);

    assertThat(run(List.of("in"), "t", byContent))
        .containsEntry("snapshot", first.get("snapshot"))
        .containsEntry("unchanged", 25L)
        .containsEntry("unreadable", 1L);
  }

  @Test
  void companionsAndSkippedNamesAreCountedApart() throws IOException {
    for (String name :
        List.of("hats/Thumbs.db", "hats/desktop.ini", "bags/1.txt", "bags/1.json", "a.npy")) {
      write("in/" + name, new byte[] {1, 2, 3});
    }
    for (String name : List.of(".git/x.jpg", "_SUCCESS", "hats/._0.jpg", "__MACOSX/0.jpg")) {
      write("in/" + name, pictures.get("hats/0.jpg"));
    }
    write("in/hats/_DSC0001.JPG", Pictures.jpeg(Pictures.noise(40, 40, 99)));

    Map<String, Object> result = prepare("t", "in");

    assertThat(result)
        .containsEntry("found", 34L)
        .containsEntry("accepted", 25L)
        .containsEntry("companions", 5L)
        .containsEntry("skipped", 4L);
    assertThat(result.get("notPictures"))
        .isEqualTo(Map.of("companion", 5L, "hidden", 1L, "job", 1L, "macos", 2L));
    assertAddsUp(result);
    Map<String, Object> again = prepare("t", "in");
    assertThat(again).containsEntry("unchanged", 25L).containsEntry("companions", 5L);
    assertAddsUp(again);
  }

  @Test
  void aParquetFileWithoutPicturesIsACompanionBesideItsShardAndAnErrorAlone() throws IOException {
    write("wds/00000.tar", Archives.tar(withSidecars()));
    parquet("wds/00000.parquet");
    write("wds/00000_stats.json", "{}".getBytes(StandardCharsets.UTF_8));

    Map<String, Object> result = prepare("t", "wds");
    assertThat(result).containsEntry("accepted", 24L).containsEntry("companions", 26L);
    assertAddsUp(result);

    parquet("in/metadata.parquet");
    blamed(
        () -> prepare("u", "in"),
        Blame.DATA,
        "metadata.parquet has no column bytes",
        "bytes-column",
        "--input");
  }

  @Test
  void splitFoldersAreSplitsAndATableOfAnEarlierBuildIsRelabelledWithoutDecoding()
      throws IOException {
    for (int i = 0; i < 8; i++) {
      write("set/train/" + i + ".jpg", Pictures.jpeg(Pictures.noise(40, 40, 200 + i)));
      write("set/test/cat/" + i + ".jpg", Pictures.jpeg(Pictures.noise(40, 40, 300 + i)));
    }
    prepare("t", "set", "split-folders=ignore");
    assertThat(rows(table("t"))).extracting(PatchRow::label).containsOnly("train", "cat");
    forgetKeys("t", "split-folders", "archive-charset");

    Map<String, Object> result = prepare("t", "set");

    assertThat(result).containsEntry("unchanged", 16L).containsEntry("accepted", 0L);
    assertThat((Long) result.get("relabelled")).isPositive();
    assertThat(result.get("images")).isEqualTo(Map.of("train", 8L, "validation", 0L, "test", 8L));
    assertThat(rows(table("t"))).extracting(PatchRow::label).containsOnly(null, "cat");
    assertThat(PatchTable.open(table("t"), HADOOP).configuration())
        .containsEntry("split-folders", "auto");
  }

  /** Makes a table look like one of a build that did not have the keys. */
  private void forgetKeys(String table, String... keys) {
    UpdateProperties update =
        new HadoopTables(HADOOP).load(table(table) + "/patches").updateProperties();
    for (String key : keys) {
      update.remove("splitmask.config." + key);
    }
    update.set("splitmask.fingerprint", "an earlier build's").commit();
  }

  private Map<String, Object> run(
      List<String> inputs, String table, RerunPolicy policy, String... settings)
      throws IOException {
    PrepareConfig config = Configurations.bind(PrepareConfig.class, settings(settings));
    PrepareRequest request =
        new PrepareRequest(
            inputs.stream().map(input -> folder + "/" + input).toList(),
            TableAddress.folder(table(table)),
            null,
            config,
            policy,
            "run-" + System.nanoTime(),
            Instant.EPOCH);
    return PrepareReport.json(
        request,
        new PrepareStage(LocalSpark.session(), request, LocalSpark.quietConsole()).run(),
        1);
  }
}
