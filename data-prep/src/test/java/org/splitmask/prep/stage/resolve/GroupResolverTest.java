/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitFolders;
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
  private static final String HASH = ContentHash.of("a picture");
  private static final SplitConfig SHARES = new SplitConfig(0, 0, SplitBy.HASH);

  private final Tally tally = new Tally();
  private final GroupResolver resolver =
      new GroupResolver(
          new Labelling(new LabelSource.Folder(SplitFolders.NONE), new SplitRule.ByHash(SHARES)),
          "run-2");

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

  private static Present fresh(String path) {
    return new Present(item(path), Standing.NEW, null, null);
  }

  private static Present same(String path) {
    return known(path, picture(path));
  }

  private static Present known(String path, KnownRow row) {
    return new Present(item(path), Standing.SAME, row, null);
  }

  private static KnownRow.Picture picture(String path) {
    String folder = path.split("/", -1)[2];
    return picture(path, folder, Split.TRAIN);
  }

  private static KnownRow.Picture picture(String path, String label, Split split) {
    FileStamp file = stamp(path);
    PictureInfo info =
        new PictureInfo(
            HASH,
            file.path(),
            file.sourceRoot(),
            label,
            split,
            file.size(),
            file.modified(),
            "jpeg",
            40,
            30,
            null,
            "run-1");
    return new KnownRow.Picture(info, "file-1");
  }

  private static KnownRow.Rejected rejected(
      String path, String reason, @Nullable String duplicateOf) {
    String detail = duplicateOf == null ? "broken" : "the same bytes as another file";
    return new KnownRow.Rejected(new RejectedRow(stamp(path), HASH, reason, detail, duplicateOf));
  }

  private static FileStamp stamp(String path) {
    return new FileStamp(path, "/in", 10, 1000);
  }

  private static SourceItem item(String path) {
    return Stamps.item(stamp(path));
  }
}
