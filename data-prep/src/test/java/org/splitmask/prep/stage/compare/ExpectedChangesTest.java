/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitFolders;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.write.TableState;

class ExpectedChangesTest {
  private static final Labelling LABELLING =
      new Labelling(
          new LabelSource.Folder(SplitFolders.NONE),
          new SplitRule.ByHash(new SplitConfig(0, 0, SplitBy.HASH)));

  @Test
  void bytesToReadAreThoseOfNewAndChangedFilesOfEverySource() {
    ExpectedChanges expected =
        sum(
            new Candidate.Read(file("/in/hats/new.jpg", 1000), null),
            new Candidate.Read(file("/in/hats/changed.jpg", 200), picture("/in/hats/changed.jpg")),
            new Candidate.Read(file("/in/hats/again.jpg", 30), rejected("/in/hats/again.jpg")),
            new Candidate.Read(entry("/in/a.zip", "hats/1.jpg", 4000), null),
            new Candidate.Read(entry("/in/b.tar", "hats/2.jpg", 50_000), null),
            // What a row of a Parquet file holds is known when it is read.
            new Candidate.Read(
                entry("/in/c.parquet", "row-00000000", SourceItem.UNKNOWN_SIZE), null),
            new Candidate.Same(file("/in/hats/same.jpg", 600_000), picture("/in/hats/same.jpg")),
            new Candidate.Retained(picture("/other/hats/x.jpg"), null),
            new Candidate.Gone(picture("/in/hats/gone.jpg"), "file:/in"),
            new Candidate.Gone(rejected("/in/hats/gone-too.jpg"), "file:/in"));

    assertThat(expected.bytesToRead()).isEqualTo(1000 + 200 + 30 + 4000 + 50_000);
    assertThat(expected)
        .isEqualTo(
            new ExpectedChanges(
                4, 2, 1, 0, 0, 1, 1, 1, 55_230, Set.of("changed.parquet", "gone.parquet")));
    assertThat(expected.found()).isEqualTo(7);
    assertThat(expected.toRead()).isEqualTo(6);
  }

  @Test
  void bytesToReadAreMoreThanAnIntHolds() {
    long large = 3_000_000_000L;

    ExpectedChanges expected =
        sum(
            new Candidate.Read(entry("/in/a.zip", "hats/1.jpg", large), null),
            new Candidate.Read(entry("/in/b.zip", "hats/1.jpg", large), null));

    assertThat(expected.bytesToRead()).isEqualTo(6_000_000_000L);
  }

  @Test
  void bytesToWriteAreNewRowsAndTheDataFilesThatAreWrittenAnew() {
    TableState state =
        new TableState(
            OptionalLong.of(1),
            10,
            Map.of("changed.parquet", 700L, "gone.parquet", 80L, "untouched.parquet", 9L),
            List.of());
    ExpectedChanges expected =
        sum(
            new Candidate.Read(file("/in/hats/new.jpg", 1), null),
            new Candidate.Read(file("/in/hats/changed.jpg", 1), picture("/in/hats/changed.jpg")),
            new Candidate.Same(file("/in/hats/same.jpg", 7), picture("/in/hats/same.jpg")),
            new Candidate.Gone(picture("/in/hats/gone.jpg"), "file:/in"));

    assertThat(expected.bytesToWrite(state, 1000)).isEqualTo(2 * 1000 + 700 + 80);
  }

  @Test
  void anUnchangedFileInAnotherFolderIsRelabelledAndNothingOfItIsRead() {
    ExpectedChanges expected =
        sum(new Candidate.Same(file("/in/bags/same.jpg", 7), picture("/in/hats/same.jpg")));

    assertThat(expected)
        .isEqualTo(new ExpectedChanges(0, 0, 1, 1, 0, 0, 0, 0, 0, Set.of("same.parquet")));
    assertThat(expected.isNothing()).isFalse();
    assertThat(ExpectedChanges.NOTHING.isNothing()).isTrue();
  }

  @Test
  void eachCountIsAddedToItsOwn() {
    ExpectedChanges one = new ExpectedChanges(1, 2, 3, 4, 5, 6, 7, 8, 9, Set.of("a", "b"));
    ExpectedChanges other =
        new ExpectedChanges(10, 20, 30, 40, 50, 60, 70, 80, 90, Set.of("b", "c"));

    assertThat(one.plus(other))
        .isEqualTo(new ExpectedChanges(11, 22, 33, 44, 55, 66, 77, 88, 99, Set.of("a", "b", "c")));
    assertThat(one.touched()).as("a sum changes none of its parts").containsOnly("a", "b");
  }

  @Test
  void aPictureThatIsGoneIsRemovedAndARejectedFileForgotten() {
    ExpectedChanges removed = sum(new Candidate.Gone(picture("/in/a.jpg"), "file:/in"));
    ExpectedChanges forgotten = sum(new Candidate.Gone(rejected("/in/a.jpg"), "file:/in"));

    assertThat(removed)
        .isEqualTo(new ExpectedChanges(0, 0, 0, 0, 0, 1, 0, 0, 0, Set.of("a.parquet")));
    assertThat(forgotten).isEqualTo(new ExpectedChanges(0, 0, 0, 0, 0, 0, 1, 0, 0, Set.of()));
  }

  @Test
  void filesThatAreRejectedBecauseTheyCannotBeReadAreCounted() {
    KnownRow unreadable =
        new KnownRow.Rejected(
            new RejectedRow(
                new FileStamp("file:/in/a.jpg", "file:/in", 7, 100), null, "unreadable", "", null));

    assertThat(sum(new Candidate.Same(file("/in/a.jpg", 7), unreadable)).unreadable()).isOne();
    assertThat(sum(new Candidate.Same(file("/in/a.jpg", 7), rejected("/in/a.jpg"))).unreadable())
        .isZero();
  }

  @Test
  void aTableIsEmptyWhereNoRowOfItIsMet() {
    assertThat(ExpectedChanges.NOTHING.knowsNoRows()).isTrue();
    assertThat(sum(new Candidate.Read(file("/in/a.jpg", 7), null)).knowsNoRows()).isTrue();
    for (Candidate met :
        List.of(
            new Candidate.Read(file("/in/a.jpg", 7), rejected("/in/a.jpg")),
            new Candidate.Same(file("/in/a.jpg", 7), rejected("/in/a.jpg")),
            new Candidate.Gone(picture("/in/a.jpg"), "file:/in"),
            new Candidate.Gone(rejected("/in/a.jpg"), "file:/in"),
            new Candidate.Retained(picture("/in/a.jpg"), null))) {
      assertThat(sum(met).knowsNoRows()).as("%s", met).isFalse();
    }
  }

  @Test
  void eachKindOfChangeIsAReasonToWrite() {
    for (Candidate change :
        List.of(
            new Candidate.Read(file("/in/a.jpg", 7), null),
            new Candidate.Same(file("/in/bags/a.jpg", 7), picture("/in/hats/a.jpg")),
            new Candidate.Gone(picture("/in/a.jpg"), "file:/in"),
            new Candidate.Gone(rejected("/in/a.jpg"), "file:/in"))) {
      assertThat(sum(change).isNothing()).as("%s", change).isFalse();
    }
    assertThat(sum(new Candidate.Retained(picture("/in/a.jpg"), null)).isNothing()).isTrue();
  }

  private static ExpectedChanges sum(Candidate... candidates) {
    return List.of(candidates).stream()
        .map(candidate -> ExpectedChanges.of(candidate, LABELLING))
        .reduce(ExpectedChanges.NOTHING, ExpectedChanges::plus);
  }

  private static SourceItem file(String path, long size) {
    return new SourceItem("file:/in", "file:" + path, size, 100);
  }

  private static SourceItem entry(String container, String name, long size) {
    String file = "file:" + container;
    return new SourceItem("file:/in", file + "!/" + name, size, 100, new InContainer(file), null);
  }

  private record InContainer(String container) implements ItemLocation {
    @Override
    public long position() {
      return 0;
    }

    @Override
    public Access access() {
      return Access.RANDOM;
    }

    @Override
    public byte[] read(String path, OpenContainer open, int atMost) {
      throw new AssertionError("nothing is read to tell what a run would do");
    }
  }

  /** Each picture has a data file of its own, called as the picture is. */
  private static KnownRow picture(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
    PictureInfo info =
        new PictureInfo(
            "0".repeat(64),
            "file:" + path,
            "file:/in",
            "hats",
            Split.TRAIN,
            7,
            100,
            "jpeg",
            9,
            9,
            null,
            "run");
    return new KnownRow.Picture(info, name + ".parquet");
  }

  private static KnownRow rejected(String path) {
    FileStamp file = new FileStamp("file:" + path, "file:/in", 7, 100);
    return new KnownRow.Rejected(new RejectedRow(file, null, "damaged", "why", null));
  }
}
