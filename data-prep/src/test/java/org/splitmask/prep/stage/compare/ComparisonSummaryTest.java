/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.ContentHash;
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

/** What the guards of a run know: what was listed, and what the table has of each input. */
class ComparisonSummaryTest {
  private static final String A = "file:/a";
  private static final String B = "file:/b";
  private static final String CUT = "file:/a/cut.tar";
  private static final Labelling LABELLING =
      new Labelling(
          new LabelSource.Folder(SplitFolders.NONE),
          new SplitRule.ByHash(new SplitConfig(0, 0, SplitBy.HASH)));

  @Test
  void listedFilesAreCountedByTheirInput() {
    ComparisonSummary summary =
        of(
            new Candidate.Read(item(A, "/1.jpg", 10), null),
            new Candidate.Same(item(A, "/2.jpg", 20), picture("file:/a/2.jpg")),
            new Candidate.Read(item(B, "/3.jpg", SourceItem.UNKNOWN_SIZE), null),
            new Candidate.Gone(picture("file:/c/4.jpg"), null));

    assertThat(summary.byInput()).containsOnlyKeys(A, B);
    assertThat(summary.byInput().get(A).files()).isEqualTo(2);
    assertThat(summary.byInput().get(A).bytes()).isEqualTo(30);
    assertThat(summary.byInput().get(B).bytes()).as("a size that is not known").isZero();
    assertThat(summary.expected().found()).isEqualTo(3);
  }

  @Test
  void ofEachInputItIsKnownHowManyPicturesItHadAndHowManyAreGone() {
    ComparisonSummary summary =
        of(
            new Candidate.Same(item(A, "/1.jpg", 7), picture("file:/a/1.jpg")),
            new Candidate.Gone(picture("file:/a/2.jpg"), A),
            new Candidate.Retained(picture("file:/b/3.jpg"), null),
            new Candidate.Gone(rejected("file:/a/4.jpg"), A),
            new Candidate.Retained(picture("file:/elsewhere/5.jpg"), null),
            new Candidate.Read(item(A, "/6.jpg", 7), null));

    assertThat(summary.knownByInput()).isEqualTo(Map.of(A, 2L, B, 1L));
    assertThat(summary.goneByInput()).isEqualTo(Map.of(A, 1L, B, 0L));
  }

  @Test
  void picturesAreHiddenByDamagedArchivesAlone() {
    ComparisonSummary summary =
        of(
            new Candidate.Retained(picture(CUT + "!/1.jpg"), CUT),
            new Candidate.Retained(picture(CUT + "!/2.jpg"), CUT),
            new Candidate.Retained(rejected(CUT + "!/3.jpg"), CUT),
            new Candidate.Retained(picture("file:/a/disk/4.jpg"), "file:/a/disk"),
            new Candidate.Retained(picture("file:/b/5.jpg"), null),
            new Candidate.Gone(picture("file:/a/6.jpg"), A));

    assertThat(summary.hiddenByArchive()).isEqualTo(Map.of(CUT, 2L));
  }

  @Test
  void whatTasksTellAddsUp() {
    ComparisonSummary one =
        of(
            new Candidate.Read(item(A, "/1.jpg", 10), null),
            new Candidate.Gone(picture("file:/a/2.jpg"), A),
            new Candidate.Retained(picture(CUT + "!/1.jpg"), CUT));

    ComparisonSummary sum = ComparisonSummary.NOTHING.plus(one).plus(one);

    assertThat(sum.expected().found()).isEqualTo(2);
    assertThat(sum.byInput().get(A).files()).isEqualTo(2);
    assertThat(sum.byInput().get(A).bytes()).isEqualTo(20);
    assertThat(sum.knownByInput()).isEqualTo(Map.of(A, 4L));
    assertThat(sum.goneByInput()).isEqualTo(Map.of(A, 2L));
    assertThat(sum.hiddenByArchive()).isEqualTo(Map.of(CUT, 2L));
    assertThat(ComparisonSummary.NOTHING.plus(one)).isEqualTo(one);
  }

  @Test
  void equalListingsHaveEqualDigestsInAnyOrder() {
    InputListing one = InputListing.of(item(A, "/1.jpg", 10));
    InputListing two = InputListing.of(item(A, "/2.jpg", 10));

    assertThat(one.plus(two)).isEqualTo(two.plus(one));
    assertThat(one.digest())
        .isEqualTo(new BigInteger(ContentHash.of("file:/a/1.jpg\n10\n100"), 16))
        .isNotEqualTo(two.digest());
    BigInteger largest = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    assertThat(new InputListing(1, 1, largest).plus(new InputListing(1, 1, BigInteger.TWO)))
        .isEqualTo(new InputListing(2, 2, BigInteger.ONE));
  }

  @Test
  void itemsAreReadContainerByContainerInTheOrderOfTheirPlaces() {
    assertThat(new ReadKey("a.tar", 9)).isLessThan(new ReadKey("b.tar", 1));
    assertThat(new ReadKey("a.tar", 9)).isLessThan(new ReadKey("a.tar", 10));
    assertThat(ReadKey.of(item(A, "/1.jpg", 7))).isEqualTo(new ReadKey("file:/a/1.jpg", 0));
  }

  @Test
  void aContainerIsReadByOneTask() {
    ReadKey.ByContainer tasks = new ReadKey.ByContainer(5);

    assertThat(tasks.numPartitions()).isEqualTo(5);
    boolean[] used = new boolean[5];
    for (int i = 0; i < 100; i++) {
      int task = tasks.getPartition(new ReadKey("container " + i, 0));
      assertThat(tasks.getPartition(new ReadKey("container " + i, 1L << 40))).isEqualTo(task);
      used[task] = true;
    }
    assertThat(used).as("every task has some").containsOnly(true);
  }

  private static ComparisonSummary of(Candidate... candidates) {
    Iterator<ComparisonSummary> summaries =
        new ComparisonSummary.OfPartition(
                LABELLING, new Scopes(Set.of(A, B), List.of()), Set.of(CUT))
            .call(List.of(candidates).iterator());
    ComparisonSummary summary = summaries.next();
    assertThat(summaries).isExhausted();
    return summary;
  }

  private static SourceItem item(String root, String name, long size) {
    return new SourceItem(root, root + name, size, 100);
  }

  private static KnownRow picture(String path) {
    return new KnownRow.Picture(
        new PictureInfo(
            "0".repeat(64), path, A, null, Split.TRAIN, 7, 100, "jpeg", 9, 9, null, "run"),
        "data.parquet");
  }

  private static KnownRow rejected(String path) {
    return new KnownRow.Rejected(
        new RejectedRow(new FileStamp(path, A, 7, 100), null, "damaged", "why", null));
  }
}
