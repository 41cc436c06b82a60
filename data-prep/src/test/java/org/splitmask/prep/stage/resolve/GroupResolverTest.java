/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.stage.resolve.Contents.HASH;
import static org.splitmask.prep.stage.resolve.Contents.LABELLING;
import static org.splitmask.prep.stage.resolve.Contents.fresh;
import static org.splitmask.prep.stage.resolve.Contents.item;
import static org.splitmask.prep.stage.resolve.Contents.known;
import static org.splitmask.prep.stage.resolve.Contents.picture;
import static org.splitmask.prep.stage.resolve.Contents.rejected;
import static org.splitmask.prep.stage.resolve.Contents.same;
import static org.splitmask.prep.stage.resolve.Contents.stamp;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.ContentEntry.Vacated;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.write.RowEdit;

/** The fate of the files of one content, case by case; {@code RerunIT} has whole histories. */
class GroupResolverTest {
  private final Tally tally = new Tally();
  private final GroupResolver resolver = new GroupResolver(LABELLING, "run-2");

  @Test
  void newContentHasToBeDecoded() {
    Present a = fresh("/in/bags/a.jpg");
    Present b = fresh("/in/hats/b.jpg");

    Resolution resolution = resolve(a, b);

    assertThat(resolution.undecided()).containsExactly(a, b);
    assertThat(resolution.edit()).isNull();
    assertThat(resolution.rejected()).isEmpty();
    assertThat(tally.of(Count.UNDECIDED)).isEqualTo(2);
  }

  @Test
  void whatTheTableHasStaysAsItIs() {
    Resolution resolution = resolve(same("/in/hats/a.jpg"));

    assertThat(resolution.edit()).isNull();
    assertThat(resolution.rejected()).isEmpty();
    assertThat(resolution.undecided()).isEmpty();
    assertThat(tally.of(Count.UNCHANGED)).isEqualTo(1);
    assertThat(tally.found()).isEqualTo(1);
    assertThat(tally.pictures()).isEqualTo(1);
  }

  @Test
  void aRowWithoutAFileGoes() {
    Resolution resolution = resolve(new Vacated(picture("/in/hats/a.jpg"), Cause.GONE, null));

    assertThat(resolution.edit()).isEqualTo(new RowEdit("file-1", HASH, null));
    assertThat(tally.of(Count.REMOVED)).isEqualTo(1);
    assertThat(tally.found()).isZero();
  }

  @Test
  void aNewFileOfASmallerPathTakesTheRowOver() {
    Resolution resolution = resolve(fresh("/in/bags/a.jpg"), same("/in/hats/a.jpg"));

    PictureInfo after = resolution.edit().replacement();
    assertThat(after.path()).isEqualTo("/in/bags/a.jpg");
    assertThat(after.label()).isEqualTo("bags");
    assertThat(after.runId()).isEqualTo("run-2");
    assertThat(resolution.rejected())
        .singleElement()
        .satisfies(row -> assertThat(row.file().path()).isEqualTo("/in/hats/a.jpg"))
        .satisfies(row -> assertThat(row.duplicateOf()).isEqualTo("/in/bags/a.jpg"))
        .satisfies(row -> assertThat(row.detail()).contains("are bags/train and not hats/train"));
    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.of(Count.CONFLICTING)).isEqualTo(1);
    assertThat(resolution.undecided()).isEmpty();
  }

  @Test
  void aDuplicateIsPromotedWhenItsKeeperIsGone() {
    Present duplicate =
        known("/in/hats/b.jpg", rejected("/in/hats/b.jpg", "duplicate", "/in/hats/a.jpg"));

    Resolution resolution =
        resolve(new Vacated(picture("/in/hats/a.jpg"), Cause.CHANGED, null), duplicate);

    assertThat(resolution.edit().replacement().path()).isEqualTo("/in/hats/b.jpg");
    assertThat(resolution.rejected()).isEmpty();
    assertThat(tally.of(Count.PROMOTED)).isEqualTo(1);
    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);
    assertThat(tally.of(Count.REMOVED)).as("its path has another picture now").isZero();
  }

  @Test
  void whatWasNoPictureBeforeIsNoneUnderAnotherNameEither() {
    KnownRow.Rejected damaged = rejected("/in/hats/a.jpg", "damaged", null);

    Resolution resolution = resolve(known("/in/hats/a.jpg", damaged), fresh("/in/hats/c.jpg"));

    assertThat(resolution.undecided()).isEmpty();
    assertThat(resolution.rejected()).hasSize(2).contains(damaged.row());
    assertThat(tally.of(Count.UNCHANGED)).isEqualTo(1);
    assertThat(tally.rejectedByReason()).containsOnlyKeys("damaged");
    assertThat(tally.of(Count.REJECTED_CHANGED)).isEqualTo(1);
    assertThat(tally.badShare(0)).isEqualTo(1);
  }

  @Test
  void rowsOfInputsThatWereNotGivenKeepTheirLabelAndAreNotCounted() {
    KnownRow.Picture elsewhere = picture("/other/caps/a.jpg", "given by hand", Split.TEST);
    Present retained =
        new Present(Stamps.item(elsewhere.file()), Standing.RETAINED, elsewhere, null);

    Resolution resolution = resolve(retained, fresh("/other/z/b.jpg"));

    assertThat(resolution.edit()).isNull();
    assertThat(tally.found()).isEqualTo(1);
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.of(Count.UNCHANGED)).isZero();
  }

  /** A label file says nothing of inputs that were not given. */
  @Test
  void withALabelFileWhatTheTableSaysOfOtherInputsStays() {
    GroupResolver listed =
        new GroupResolver(new Labelling(new LabelSource.Listed(), LABELLING.splits()), "run-2");
    KnownRow.Picture row = picture("/in/hats/a.jpg", "hat", Split.TEST);
    KnownRow.Rejected other = rejected("/other/caps/b.jpg", "duplicate", "/in/hats/a.jpg");
    Present retained = new Present(Stamps.item(other.file()), Standing.RETAINED, other, null);

    Resolution alone =
        listed.resolve(
            new ContentGroup(HASH, List.of(new Vacated(row, Cause.CHANGED, null), retained)));
    Present hat =
        new Present(
            item("/in/hats/a.jpg").withHints(new Hints("hat", "test", null)),
            Standing.SAME,
            row,
            null);
    Resolution beside = listed.resolve(new ContentGroup(HASH, List.of(hat, retained)));

    assertThat(alone.edit()).isNotNull();
    assertThat(alone.edit().replacement()).isNotNull();
    assertThat(alone.edit().replacement().path()).isEqualTo("/other/caps/b.jpg");
    assertThat(alone.edit().replacement().label()).isEqualTo("hat");
    assertThat(alone.edit().replacement().split()).isEqualTo(Split.TEST);
    assertThat(beside.edit()).isNull();
    assertThat(beside.rejected()).containsExactly(other.row());
  }

  /** The table does not say which group a picture is of. */
  @Test
  void withGroupsASplitOfOtherInputsStays() {
    SplitConfig allForTest = new SplitConfig(0, 1, SplitBy.GROUP);
    GroupResolver grouped =
        new GroupResolver(
            new Labelling(LABELLING.labels(), new SplitRule.ByGroup(allForTest)), "run-2");
    KnownRow.Picture row = picture("/in/hats/a.jpg", "hats", Split.TRAIN);
    KnownRow.Rejected other = rejected("/other/caps/b.jpg", "duplicate", "/in/hats/a.jpg");
    Present retained = new Present(Stamps.item(other.file()), Standing.RETAINED, other, null);

    Resolution alone =
        grouped.resolve(
            new ContentGroup(HASH, List.of(new Vacated(row, Cause.CHANGED, null), retained)));

    assertThat(alone.edit()).isNotNull();
    assertThat(alone.edit().replacement()).isNotNull();
    assertThat(alone.edit().replacement().label()).isEqualTo("caps");
    assertThat(alone.edit().replacement().split()).isEqualTo(Split.TRAIN);
  }

  @Test
  void filesThatWereNotReadStandForThemselves() {
    Refused refused = new Refused(RejectionReason.TOO_LARGE, "too many bytes");
    Present now = new Present(item("/in/hats/a.jpg"), Standing.REPLACED, null, refused);
    KnownRow.Rejected before =
        new KnownRow.Rejected(
            new RejectedRow(stamp("/in/hats/a.jpg"), null, "too-large", "more bytes", null));

    Resolution resolution = resolve(new Vacated(before, Cause.CHANGED, null), now);

    assertThat(resolution.rejected())
        .singleElement()
        .satisfies(row -> assertThat(row.detail()).isEqualTo("too many bytes"))
        .satisfies(row -> assertThat(row.imageId()).isNull());
    assertThat(tally.rejectedByReason()).containsEntry("too-large", 1L);
  }

  @Test
  void aPictureThatItsInputNoLongerHasIsLostToThatInput() {
    resolve(new Vacated(picture("/in/hats/a.jpg"), Cause.GONE, "/in"));

    assertThat(tally.lostByInput()).isEqualTo(Map.of("/in", 1L));
    assertThat(tally.of(Count.EDITED)).isEqualTo(1);
  }

  @Test
  void aPictureThatIsThereUnderAnotherNameIsNotLost() {
    resolve(new Vacated(picture("/in/hats/a.jpg"), Cause.GONE, "/in"), fresh("/in/hats/moved.jpg"));

    assertThat(tally.lostByInput()).isEmpty();
    assertThat(tally.of(Count.REMOVED)).isEqualTo(1);
    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);
    assertThat(tally.of(Count.EDITED)).isEqualTo(1);
  }

  @Test
  void aRejectedFileThatIsGoneChangesTheRejectedRowsAlone() {
    resolve(new Vacated(rejected("/in/hats/a.jpg", "damaged", null), Cause.GONE, "/in"));

    assertThat(tally.of(Count.REJECTED_CHANGED)).isEqualTo(1);
    assertThat(tally.of(Count.REMOVED)).isZero();
    assertThat(tally.lostByInput()).isEmpty();
    assertThat(tally.changesNothing()).isFalse();
  }

  @Test
  void aFileWithAnotherLabelThanItsRowIsRelabelledAndNotReadAgain() {
    Resolution resolution =
        resolve(known("/in/bags/a.jpg", picture("/in/bags/a.jpg", "hats", Split.TRAIN)));

    assertThat(resolution.edit().replacement().label()).isEqualTo("bags");
    assertThat(tally.of(Count.RELABELLED)).isEqualTo(1);
    assertThat(tally.of(Count.UNCHANGED)).isEqualTo(1);
    assertThat(tally.of(Count.EDITED)).isEqualTo(1);
    assertThat(tally.of(Count.ACCEPTED)).isZero();
  }

  @Test
  void onlyWhatTookAnothersPathIsReplaced() {
    Present replaced = new Present(item("/in/bags/a.jpg"), Standing.REPLACED, null, null);

    resolve(replaced, same("/in/hats/b.jpg"));
    assertThat(tally.of(Count.REPLACED)).isEqualTo(1);
    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);

    resolve(fresh("/in/bags/c.jpg"), same("/in/hats/d.jpg"));
    assertThat(tally.of(Count.REPLACED)).as("a new path replaces nothing").isEqualTo(1);
  }

  @Test
  void whatIsRejectedAsBeforeChangesNothing() {
    Present duplicate =
        known("/in/hats/b.jpg", rejected("/in/hats/b.jpg", "duplicate", "/in/hats/a.jpg"));

    Resolution resolution = resolve(same("/in/hats/a.jpg"), duplicate);

    assertThat(resolution.events())
        .as("nothing is told of what did not occur")
        .doesNotContain(new CountedEvent.Counted(Count.RELABELLED, 0));
    assertThat(tally.standingByReason()).isEqualTo(Map.of("duplicate", 1L));
    assertThat(tally.of(Count.UNCHANGED)).isEqualTo(2);
    assertThat(tally.changesNothing()).isTrue();
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Refused unreadable = new Refused(RejectionReason.UNREADABLE, "permission denied");
    Refused tooLarge = new Refused(RejectionReason.TOO_LARGE, "too many bytes");

    resolve(new Present(item("/in/hats/a.jpg"), Standing.NEW, null, unreadable));
    resolve(new Present(item("/in/hats/b.jpg"), Standing.NEW, null, tooLarge));

    assertThat(tally.unread()).containsExactly("/in/hats/a.jpg (permission denied)");
    assertThat(tally.of(Count.UNREADABLE)).isEqualTo(1);
    assertThat(tally.of(Count.BAD)).isEqualTo(2);
    assertThat(tally.of(Count.REJECTED_CHANGED)).isEqualTo(2);
  }

  @Test
  void theStampOfAnUntouchedFileStaysAsTheTableHasIt() {
    // An entry of an archive whose size is known only once it was read.
    SourceItem listed = Stamps.item(new FileStamp("/in/hats/a.jpg", "/in", -1, 1000));
    KnownRow.Picture row = picture("/in/hats/a.jpg");

    assertThat(new Present(listed, Standing.SAME, row, null).file()).isEqualTo(row.file());
    assertThat(new Present(listed, Standing.NEW, null, null).file()).isEqualTo(Stamps.of(listed));
    SourceItem touched = Stamps.item(new FileStamp("/in/hats/a.jpg", "/in", 10, 2000));
    assertThat(new Present(touched, Standing.SAME, row, null).file()).isEqualTo(Stamps.of(touched));
  }

  @Test
  void aDecodedPictureIsAcceptedAndStands() {
    PictureInfo info = picture("/in/hats/a.jpg").info();

    GroupResolver.accepted(fresh("/in/hats/a.jpg"), info).forEach(tally::add);

    assertThat(tally.of(Count.ACCEPTED)).isEqualTo(1);
    assertThat(tally.pictures()).isEqualTo(1);
  }

  @Test
  void askedTwiceItDecidesAndCountsTheSame() {
    Resolution once = resolve(fresh("/in/bags/a.jpg"), same("/in/hats/a.jpg"));
    Resolution again = resolve(fresh("/in/bags/a.jpg"), same("/in/hats/a.jpg"));

    assertThat(again).isEqualTo(once);
    assertThat(once.events()).contains(new CountedEvent.Counted(Count.ACCEPTED, 1));
  }

  private Resolution resolve(ContentEntry... entries) {
    Resolution resolution = resolver.resolve(new ContentGroup(HASH, List.of(entries)));
    resolution.events().forEach(tally::add);
    return resolution;
  }
}
