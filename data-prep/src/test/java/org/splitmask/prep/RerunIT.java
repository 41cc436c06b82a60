/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.stage.DryRun;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.write.ExistingRows;

/** Runs over a table that is there already. */
class RerunIT extends RerunFixture {
  @Test
  void theSameAgainReadsNothingAndMakesNoSnapshot() throws IOException {
    Map<String, Object> first = prepare();
    assertThat(first).containsEntry("accepted", 30L);
    assertThat(CountedFiles.opened()).hasSize(30).containsEntry("7.jpg", 2);

    Map<String, Object> again = prepare();

    assertThat(CountedFiles.opened()).isEmpty();
    assertThat(again)
        .containsEntry("unchanged", 30L)
        .containsEntry("accepted", 0L)
        .containsEntry("snapshot", first.get("snapshot"));
    assertThat(snapshots()).hasSize(1);
    assertThat(Path.of(table, "_writer.lease")).doesNotExist();
  }

  @Test
  void newFilesAreAddedChangedOnesReplacedGoneOnesRemovedInOneCommit() throws IOException {
    prepare();
    TableContents before = TableContents.of(table);
    CountedFiles.opened();
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    write("hats/4.jpg", jpeg(noise(40, 50, 101)));
    Files.delete(input.resolve("bags/5.jpg"));

    Map<String, Object> result = prepare();

    assertThat(result)
        .containsEntry("found", 30L)
        .containsEntry("accepted", 2L)
        .containsEntry("replaced", 1L)
        .containsEntry("removed", 1L)
        .containsEntry("unchanged", 28L);
    assertThat(CountedFiles.opened()).isEqualTo(Map.of("new.jpg", 2, "4.jpg", 2));
    assertThat(snapshots()).hasSize(2);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce()).isNotEqualTo(before);
  }

  @Test
  void aChangeThatKeepsSizeAndTimeIsSeenByContentAlone() throws IOException {
    byte[] picture = jpeg(noise(40, 40, 4));
    prepare();
    CountedFiles.opened();
    picture[picture.length - 30] ^= 1;
    write("hats/4.jpg", picture);

    assertThat(prepare()).containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEmpty();

    RerunPolicy byContent =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.CONTENT, Vanished.REMOVED, Failed.KEPT);
    assertThat(prepare(byContent))
        .containsEntry("unchanged", 29L)
        .containsEntry("accepted", 1L)
        .containsEntry("replaced", 1L);
    assertThat(CountedFiles.opened())
        .hasSize(30)
        .containsEntry("4.jpg", 2)
        .containsEntry("6.jpg", 1);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void aTouchedFileIsReadOnceAndNotDecoded() throws IOException {
    prepare();
    CountedFiles.opened();
    Files.setLastModifiedTime(input.resolve("hats/4.jpg"), FileTime.fromMillis(LONG_AGO + 5000));

    assertThat(prepare()).containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEqualTo(Map.of("4.jpg", 1));
    assertThat(prepare()).containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEmpty();
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void filesThatAreGoneCanBeKeptAndOtherInputsAreNotTouched() throws IOException {
    prepare();
    Files.delete(input.resolve("hats/2.jpg"));
    RerunPolicy keeping =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.KEPT, Failed.KEPT);

    assertThat(prepare(keeping)).containsEntry("removed", 0L).containsEntry("unchanged", 29L);
    assertThat(snapshots()).hasSize(1);

    Path one = input.resolve("bags/1.jpg");
    assertThat(prepare(List.of("counted:" + one), null, INCREMENTAL))
        .containsEntry("found", 1L)
        .containsEntry("removed", 0L);
    assertThat(prepare(List.of("counted:" + input + "/bags"), null, INCREMENTAL))
        .containsEntry("found", 15L)
        .containsEntry("removed", 0L);
    assertThat(prepare()).containsEntry("removed", 1L);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void aNewLabelOrSplitUpdatesTheRowWithoutReadingTheFile() throws IOException {
    Path labels = folder.resolve("labels.tsv");
    Files.writeString(labels, "hats/2.jpg\tcap\ttest\nhats/4.jpg\tcap\ttrain\n");
    prepare(List.of("counted:" + input), labels, INCREMENTAL);
    CountedFiles.opened();
    Files.writeString(labels, "hats/2.jpg\tbonnet\ttest\nhats/4.jpg\tcap\tvalidation\n");

    Map<String, Object> result = prepare(List.of("counted:" + input), labels, INCREMENTAL);

    assertThat(result).containsEntry("relabelled", 2L).containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEmpty();
    TableContents contents = TableContents.of(table);
    assertThat(contents.pictures().get("hats/2.jpg")).startsWith("bonnet test");
    assertThat(contents.pictures().get("hats/4.jpg")).startsWith("cap validation");
    assertThat(result.get("images")).isEqualTo(Map.of("train", 28L, "validation", 1L, "test", 1L));
  }

  @Test
  void withSplitsByLabelEveryLabelHasItsShareAndNoPictureMoves() throws IOException {
    String[] byLabel = {"split-by=label", "test-share=0.2", "validation-share=0.2"};
    Map<String, Object> first = prepare(INCREMENTAL, byLabel);
    assertThat(first.get("images")).isEqualTo(Map.of("train", 18L, "validation", 6L, "test", 6L));
    Map<String, String> before = TableContents.of(table).pictures();
    for (int i = 100; i < 110; i++) {
      write("hats/" + i + ".jpg", jpeg(noise(40, 40, i)));
    }
    write("caps/0.jpg", jpeg(noise(40, 40, 200)));

    Map<String, Object> second = prepare(INCREMENTAL, byLabel);

    assertThat(second).containsEntry("unchanged", 30L).containsEntry("relabelled", 0L);
    assertThat(second.get("images")).isEqualTo(Map.of("train", 25L, "validation", 8L, "test", 8L));
    assertThat(TableContents.of(table).pictures()).containsAllEntriesOf(before);
    assertThat(prepare(INCREMENTAL, byLabel)).containsEntry("unchanged", 41L);
  }

  @Test
  void rejectedFilesAreTriedAgainWhenTheyChangeOrWhenAsked() throws IOException {
    byte[] good = jpeg(noise(40, 40, 300));
    write("hats/cut.jpg", Arrays.copyOf(good, good.length - 40));
    assertThat(prepare()).containsEntry("rejected", 1L);
    CountedFiles.opened();

    assertThat(prepare()).containsEntry("unchanged", 31L).containsEntry("rejected", 0L);
    assertThat(CountedFiles.opened()).isEmpty();

    RerunPolicy retrying =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.REMOVED, Failed.RETRIED);
    assertThat(prepare(retrying)).containsEntry("rejected", 1L).containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEqualTo(Map.of("cut.jpg", 2));

    write("hats/cut.jpg", good);
    assertThat(prepare()).containsEntry("accepted", 1L).containsEntry("unchanged", 30L);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
    assertThat(TableContents.of(table).rejected()).isEmpty();
  }

  @Test
  void aChangedFileThatMayNotBeReadKeepsItsPictureUntilItMay() throws IOException {
    prepare();
    TableContents before = TableContents.of(table);
    write(input.resolve("hats/4.jpg"), jpeg(noise(40, 50, 101)), 7);
    CountedFiles.forbid("4.jpg");
    try {
      Map<String, Object> forbidden = prepare();

      assertThat(forbidden)
          .containsEntry("rejected", 1L)
          .containsEntry("unreadable", 1L)
          .containsEntry("unchanged", 29L)
          .containsEntry("removed", 0L);
      assertThat(TableContents.of(table).pictures()).isEqualTo(before.pictures());
      assertThat(TableContents.of(table).rejected()).isEqualTo(Map.of("hats/4.jpg", "unreadable"));
      assertThat(prepare())
          .as("the night after")
          .containsEntry("unchanged", 30L)
          .containsEntry("unreadable", 1L)
          .containsEntry("snapshot", forbidden.get("snapshot"));
    } finally {
      CountedFiles.forbid();
    }

    RerunPolicy retrying =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.REMOVED, Failed.RETRIED);
    assertThat(prepare(retrying)).containsEntry("accepted", 1L).containsEntry("replaced", 1L);
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void ofDuplicatesTheFirstPathIsKeptAndAnotherTakesItsPlace() throws IOException {
    byte[] same = Files.readAllBytes(input.resolve("hats/4.jpg"));
    write("hats/z.jpg", same);
    prepare();
    CountedFiles.opened();

    write("bags/a.jpg", same);
    Map<String, Object> result = prepare();
    assertThat(result)
        .containsEntry("accepted", 1L)
        .containsEntry("rejected", 1L)
        .containsEntry("conflicting", 2L)
        .containsEntry("unchanged", 30L);
    assertThat(CountedFiles.opened()).isEqualTo(Map.of("a.jpg", 1));
    assertThat(TableContents.of(table).rejected())
        .isEqualTo(
            Map.of("hats/4.jpg", "duplicate bags/a.jpg", "hats/z.jpg", "duplicate bags/a.jpg"));

    Files.delete(input.resolve("bags/a.jpg"));
    Files.delete(input.resolve("hats/4.jpg"));
    assertThat(prepare()).containsEntry("accepted", 1L).containsEntry("removed", 1L);
    assertThat(CountedFiles.opened()).isEmpty();
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void aRebuildTakesOtherSettingsAndLeavesTheOldSnapshot() throws IOException {
    Object before = prepare().get("snapshot");
    RerunPolicy rebuilding =
        new RerunPolicy(ExistingRows.REPLACED, ChangeCheck.STAMP, Vanished.REMOVED, Failed.KEPT);

    assertThatThrownBy(() -> prepare(INCREMENTAL, "image-size=48"))
        .hasMessageContainingAll("image-size=32, now 48", "--rebuild")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    Map<String, Object> result = prepare(rebuilding, "image-size=48");

    assertThat(result).containsEntry("accepted", 30L).containsEntry("unchanged", 0L);
    PatchTable opened = PatchTable.open(table, new Configuration());
    assertThat(opened.snapshot().shape().imageSize()).isEqualTo(48);
    assertThat(opened.snapshot((Long) before).shape().imageSize()).isEqualTo(32);
    assertThat(TableContents.of(table).pictures()).hasSize(30);
  }

  @Test
  void aDryRunTellsAndDoesNothing() throws IOException {
    prepare();
    CountedFiles.opened();
    write("hats/new.jpg", jpeg(noise(50, 40, 100)));
    write("hats/4.jpg", jpeg(noise(40, 50, 101)));
    Files.delete(input.resolve("bags/5.jpg"));

    DryRun dryRun = stage(List.of("counted:" + input), null, INCREMENTAL).dryRun();

    assertThat(dryRun.expected().added()).isEqualTo(1);
    assertThat(dryRun.expected().changed()).isEqualTo(1);
    assertThat(dryRun.expected().removed()).isEqualTo(1);
    assertThat(dryRun.expected().unchanged()).isEqualTo(28);
    assertThat(dryRun.bytesToWrite()).isBetween(1_000L, 200_000L);
    assertThat(CountedFiles.opened()).isEmpty();
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void aTableOfManyRunsHoldsTheSameAsOneMadeAtOnce() throws IOException {
    Random random = new Random(5);
    for (int run = 0; run < 6; run++) {
      for (int change = 0; change < 8; change++) {
        changeSomething(random, run);
      }
      prepare();
      assertThat(TableContents.of(table)).as("after run %d", run).isEqualTo(madeAtOnce());
    }
    assertThat(TableContents.of(table).rejected()).isNotEmpty();
    assertThat(statistics(table)).isEqualTo(statistics(folder.resolve("at-once-6").toString()));
  }

  private void changeSomething(Random random, int run) throws IOException {
    Path file =
        input.resolve((random.nextBoolean() ? "hats/" : "bags/") + random.nextInt(34) + ".jpg");
    byte[] picture = jpeg(noise(40, 40, random.nextInt(40)));
    switch (random.nextInt(5)) {
      case 0 -> Files.deleteIfExists(file);
      case 1 -> write(file, Arrays.copyOf(picture, picture.length - 60), run);
      case 2 -> {
        if (Files.exists(file)) {
          Files.setLastModifiedTime(file, FileTime.fromMillis(LONG_AGO + 10_000L * run));
        }
      }
      default -> write(file, picture, run);
    }
  }
}
