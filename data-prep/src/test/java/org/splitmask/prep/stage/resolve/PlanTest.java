/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.stage.resolve.Contents.LABELLING;
import static org.splitmask.prep.stage.resolve.Contents.fresh;
import static org.splitmask.prep.stage.resolve.Contents.item;
import static org.splitmask.prep.stage.resolve.Contents.known;
import static org.splitmask.prep.stage.resolve.Contents.picture;
import static org.splitmask.prep.stage.resolve.Contents.rejected;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.CountedLabel;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.SplitFolders;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.ContentEntry.Vacated;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.Split;
import scala.Tuple2;

/** What a task makes of a range of hashes before anything is decoded. */
class PlanTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);
  private static final LabelSource FOLDERS = new LabelSource.Folder(SplitFolders.NONE);

  @Test
  void entriesOfOneHashAreAGroupInTheirOrder() {
    Present first = fresh("/in/hats/1.jpg");
    Present second = fresh("/in/hats/2.jpg");
    Present third = fresh("/in/hats/3.jpg");

    Iterator<ContentGroup> groups =
        ContentGroup.of(List.of(entry(A, first), entry(A, second), entry(B, third)).iterator());

    assertThat(groups)
        .toIterable()
        .containsExactly(
            new ContentGroup(A, List.of(first, second)), new ContentGroup(B, List.of(third)));
    assertThatThrownBy(groups::next).isInstanceOf(NoSuchElementException.class);
    assertThat(ContentGroup.of(List.<Tuple2<FileKey, ContentEntry>>of().iterator())).isExhausted();
  }

  @Test
  void editsComeOneByOneAndTheCountsOnceBehindThem() {
    Iterator<PlanStep> steps =
        new PlanPartition(LABELLING, "run-2")
            .call(
                List.of(
                        entry(A, new Vacated(picture("/in/hats/1.jpg"), Cause.GONE, "/in")),
                        entry(B, fresh("/in/hats/2.jpg")),
                        entry(C, new Vacated(picture("/in/hats/3.jpg"), Cause.GONE, "/in")))
                    .iterator());

    assertThat(((PlanStep.Edit) steps.next()).edit().imageId()).isEqualTo(A);
    assertThat(((PlanStep.Edit) steps.next()).edit().imageId()).isEqualTo(C);
    assertThat(steps.hasNext()).isTrue();
    Tally tally = ((PlanStep.Counts) steps.next()).tally();
    assertThat(tally.of(Count.EDITED)).isEqualTo(2);
    assertThat(tally.of(Count.UNDECIDED)).isEqualTo(1);
    assertThat(tally.lostByInput()).isEqualTo(Map.of("/in", 2L));
    assertThat(steps).isExhausted();
    assertThatThrownBy(steps::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void anEmptyRangeHasCountsOfNothing() {
    Iterator<PlanStep> steps =
        new PlanPartition(LABELLING, "run-2")
            .call(List.<Tuple2<FileKey, ContentEntry>>of().iterator());

    assertThat(((PlanStep.Counts) steps.next()).tally().changesNothing()).isTrue();
    assertThat(steps).isExhausted();
  }

  @Test
  void newPicturesAreCountedByTheLabelOfTheirFirstPath() {
    Map<String, CountedLabel> counts =
        count(
            List.of(
                entry(A, fresh("/in/bags/1.jpg")),
                entry(A, fresh("/in/hats/1.jpg")),
                entry(B, fresh("/in/hats/2.jpg")),
                entry(C, fresh("/in/3.jpg"))));

    assertThat(counts).containsOnlyKeys("", "bags", "hats");
    assertThat(firstForTraining(counts.get("bags"))).isEqualTo('a');
    assertThat(firstForTraining(counts.get("hats"))).isEqualTo('b');
    assertThat(firstForTraining(counts.get(""))).isEqualTo('c');
  }

  @Test
  void whatIsGoneOrNoPictureIsNotCounted() {
    Refused refused = new Refused(RejectionReason.TOO_LARGE, "too many bytes");

    assertThat(
            count(
                List.of(
                    entry(A, new Vacated(picture("/in/hats/1.jpg"), Cause.GONE, "/in")),
                    entry(B, known("/in/hats/2.jpg", rejected("/in/hats/2.jpg", "damaged", null))),
                    entry(C, new Present(item("/in/hats/3.jpg"), Standing.NEW, null, refused)))))
        .isEmpty();
  }

  @Test
  void whatWasNoPictureBeforeIsNotCountedUnderASmallerPathEither() {
    Present damaged = known("/in/hats/2.jpg", rejected("/in/hats/2.jpg", "damaged", null));

    assertThat(count(List.of(entry(A, fresh("/in/hats/1.jpg")), entry(A, damaged)))).isEmpty();
  }

  @Test
  void aFileThatCouldBeReadStandsForOneThatCouldNot() {
    Refused refused = new Refused(RejectionReason.CHANGED, "its bytes changed");

    assertThat(
            count(
                List.of(
                    entry(A, new Present(item("/in/bags/1.jpg"), Standing.NEW, null, refused)),
                    entry(A, fresh("/in/hats/2.jpg")))))
        .containsOnlyKeys("hats");
  }

  @Test
  void aDuplicateWhosePictureIsGoneTakesItsPlace() {
    Present duplicate =
        known("/in/hats/2.jpg", rejected("/in/hats/2.jpg", "duplicate", "/in/hats/1.jpg"));
    Vacated gone = new Vacated(picture("/in/hats/1.jpg", "hats", Split.TEST), Cause.GONE, "/in");

    Map<String, CountedLabel> counts = count(List.of(entry(A, gone), entry(A, duplicate)));

    assertThat(firstForTraining(counts.get("hats"))).as("with its split").isEqualTo('0');
  }

  @Test
  void theSplitThatATableOrASourceSaysIsFilledByIt() {
    Present fresh = fresh("/in/hats/1.jpg");
    Present said = new Present(saidForTest(fresh.item()), Standing.NEW, null, null);
    Present tested = known("/in/hats/2.jpg", picture("/in/hats/2.jpg", "hats", Split.TEST));

    assertThat(first(List.of(entry(A, fresh)))).isEqualTo('a');
    assertThat(first(List.of(entry(A, said)))).isEqualTo('0');
    assertThat(first(List.of(entry(A, tested)))).isEqualTo('0');
    assertThat(first(List.of(entry(A, fresh), entry(A, tested))))
        .as("under another name, too")
        .isEqualTo('0');
  }

  private static SourceItem saidForTest(SourceItem item) {
    Hints hints = new Hints(null, "test", null);
    return new SourceItem(
        item.root(), item.path(), item.size(), item.modified(), item.location(), hints);
  }

  private static char first(List<Tuple2<FileKey, ContentEntry>> entries) {
    return firstForTraining(count(entries).get("hats"));
  }

  /**
   * A label gets one picture more, whose hash is 000...; half of its pictures, rounded up, should
   * be for testing. What is known may fill that already; if not, the new ones of the smallest
   * hashes do.
   *
   * @return the first digit of the smallest hash that is for training; g if there is none
   */
  private static char firstForTraining(CountedLabel count) {
    count.addNew("0".repeat(64));
    return count.bounds(new SplitConfig(0, 0.5, SplitBy.LABEL)).test().charAt(0);
  }

  private static Map<String, CountedLabel> count(List<Tuple2<FileKey, ContentEntry>> entries) {
    Map<String, CountedLabel> counts = new TreeMap<>();
    CountLabels count = new CountLabels(FOLDERS);
    ContentGroup.of(entries.iterator())
        .forEachRemaining(
            group ->
                count
                    .call(group)
                    .forEachRemaining(
                        picture ->
                            counts
                                .computeIfAbsent(picture.label(), label -> new CountedLabel())
                                .add(picture)));
    return counts;
  }

  private static Tuple2<FileKey, ContentEntry> entry(String hash, ContentEntry entry) {
    return new Tuple2<>(new FileKey(hash, "p"), entry);
  }
}
