/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.RerunPolicy.ChangeCheck;
import org.splitmask.prep.stage.compare.RerunPolicy.Failed;
import org.splitmask.prep.stage.compare.RerunPolicy.Vanished;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.write.ExistingRows;
import scala.Tuple2;

class CompareWithTableTest {
  private static final String PATH = "file:/in/a.jpg";
  private static final Scopes IN = new Scopes(Set.of("file:/in"), List.of());

  private final KnownRow picture = picture(100);
  private final KnownRow unreadable = rejected(-1, 0, "unreadable");

  @Test
  void whatCannotBeOpenedLeavesThePictureAlone() {
    assertThat(compare(broken(), picture))
        .containsExactly(new Candidate.Read(broken(), null), new Candidate.Retained(picture, PATH));
  }

  @Test
  void theNightAfterNothingIsToBeDone() {
    assertThat(compare(broken(), picture, unreadable))
        .containsExactly(
            new Candidate.Same(broken(), unreadable), new Candidate.Retained(picture, PATH));
    assertThat(compare(broken(), unreadable, picture)).as("in either order").hasSize(2);
  }

  @Test
  void whatIsBackAsItWasIsThePictureAgainAndTheRejectionGoes() {
    assertThat(compare(file(100), picture, unreadable))
        .containsExactly(
            new Candidate.Same(file(100), picture), new Candidate.Gone(unreadable, null));
  }

  @Test
  void whatIsBackAndChangedIsReadAndReplacesThePicture() {
    assertThat(compare(file(200), picture, unreadable))
        .containsExactly(
            new Candidate.Read(file(200), picture), new Candidate.Gone(unreadable, null));
  }

  @Test
  void aChangedFileThatCouldNotBeReadIsNotReadAgain() {
    KnownRow forbidden = rejected(7, 200, "unreadable");

    assertThat(compare(file(200), picture, forbidden))
        .containsExactly(
            new Candidate.Same(file(200), forbidden), new Candidate.Retained(picture, PATH));
  }

  @Test
  void whatIsNotListedIsGoneWhereItWasLookedForAndKeptElsewhere() {
    assertThat(compare(null, picture)).containsExactly(new Candidate.Gone(picture, "file:/in"));
    Scopes elsewhere = new Scopes(Set.of("file:/other"), List.of());
    assertThat(compare(elsewhere, Vanished.REMOVED, null, picture))
        .containsExactly(new Candidate.Retained(picture, null));
    assertThat(compare(IN, Vanished.KEPT, null, picture))
        .containsExactly(new Candidate.Retained(picture, null));
  }

  @Test
  void whatCouldNotBeReadIsTriedAgainOnceItCanBeOpened() {
    KnownRow damaged = rejected(7, 100, "damaged");
    KnownRow forbidden = rejected(7, 100, "unreadable");

    // Permissions change without a trace in a file's size and time.
    assertThat(compare(file(100), forbidden))
        .containsExactly(new Candidate.Read(file(100), forbidden));
    assertThat(compare(file(100), damaged)).containsExactly(new Candidate.Same(file(100), damaged));
    assertThat(compare(broken(), unreadable))
        .as("it cannot be opened still")
        .containsExactly(new Candidate.Same(broken(), unreadable));
  }

  @Test
  void whatWasRejectedIsReadAgainWhereThatIsAskedFor() {
    KnownRow damaged = rejected(7, 100, "damaged");
    KnownRow duplicate =
        new KnownRow.Rejected(
            new RejectedRow(
                new FileStamp(PATH, "file:/in", 7, 100), "ab", "duplicate", "why", "file:/in/b"));

    assertThat(retried(file(100), damaged)).containsExactly(new Candidate.Read(file(100), damaged));
    assertThat(retried(file(100), duplicate))
        .as("a duplicate has not failed")
        .containsExactly(new Candidate.Same(file(100), duplicate));
    assertThat(retried(file(100), picture)).containsExactly(new Candidate.Same(file(100), picture));
    assertThat(retried(file(100), picture, unreadable))
        .containsExactly(
            new Candidate.Same(file(100), picture), new Candidate.Gone(unreadable, null));
  }

  @Test
  void everyFileIsReadWhereItsContentIsAskedFor() {
    RerunPolicy byContent =
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.CONTENT, Vanished.REMOVED, Failed.KEPT);

    assertThat(compare(byContent, IN, file(100), picture))
        .containsExactly(new Candidate.Read(file(100), picture));
  }

  @Test
  void anItemThatIsRejectedAndNeverWasAPictureIsComparedWithItsRejection() {
    KnownRow damaged = rejected(7, 100, "damaged");

    assertThat(compare(file(200), damaged)).containsExactly(new Candidate.Read(file(200), damaged));
    assertThat(compare(file(200))).containsExactly(new Candidate.Read(file(200), null));
  }

  private static List<Candidate> retried(SourceItem item, KnownRow... rows) {
    return compare(
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.REMOVED, Failed.RETRIED),
        IN,
        item,
        rows);
  }

  private static List<Candidate> compare(@Nullable SourceItem item, KnownRow... rows) {
    return compare(IN, Vanished.REMOVED, item, rows);
  }

  private static List<Candidate> compare(
      Scopes scopes, Vanished vanished, @Nullable SourceItem item, KnownRow... rows) {
    return compare(
        new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, vanished, Failed.KEPT),
        scopes,
        item,
        rows);
  }

  private static List<Candidate> compare(
      RerunPolicy policy, Scopes scopes, @Nullable SourceItem item, KnownRow... rows) {
    List<Candidate> candidates = new ArrayList<>();
    List<SourceItem> items = item == null ? List.of() : List.of(item);
    new CompareWithTable(policy, scopes)
        .call(new Tuple2<>(PATH, new Tuple2<>(items, List.of(rows))))
        .forEachRemaining(candidates::add);
    return candidates;
  }

  private static SourceItem broken() {
    return ((Finding.Item) Finding.unreadable("file:/in", PATH, "a link to nowhere")).item();
  }

  private static SourceItem file(long modified) {
    return new SourceItem("file:/in", PATH, 7, modified);
  }

  private static KnownRow picture(long modified) {
    return new KnownRow.Picture(
        new PictureInfo(
            "ab", PATH, "file:/in", "cat", Split.TRAIN, 7, modified, "jpeg", 9, 9, null, "run"),
        "data.parquet");
  }

  private static KnownRow rejected(long size, long modified, String reason) {
    return new KnownRow.Rejected(
        new RejectedRow(
            new FileStamp(PATH, "file:/in", size, modified), null, reason, "why", null));
  }
}
