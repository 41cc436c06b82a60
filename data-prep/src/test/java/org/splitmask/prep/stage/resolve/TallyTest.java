/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;

class TallyTest {
  @Test
  void countsOfTasksAddUpBeyondWhatAnIntHolds() {
    Tally all = new Tally();
    for (int task = 0; task < 3; task++) {
      Tally tally = new Tally();
      tally.count(Count.ACCEPTED, 1_500_000_000L);
      tally.count(Count.UNCHANGED, 500_000_000L);
      tally.count(Count.BAD, 1_500_000_000L);
      all.add(tally);
    }

    assertThat(all.of(Count.ACCEPTED)).isEqualTo(4_500_000_000L);
    assertThat(all.found()).isEqualTo(6_000_000_000L);
    assertThat(all.badShare(3_000_000_000L)).isEqualTo(7.5 / 9);
  }

  @Test
  void whatTasksTellAddsUp() {
    Tally all = task("one");
    all.add(task("two"));

    assertThat(all.rejectedByReason()).isEqualTo(Map.of("damaged", 2L, "duplicate", 2L));
    assertThat(all.rejected()).isEqualTo(4);
    assertThat(all.duplicates()).isEqualTo(2);
    assertThat(all.standingByReason()).isEqualTo(Map.of("damaged", 2L));
    assertThat(all.standingRejected()).isEqualTo(2);
    assertThat(all.formats()).isEqualTo(Map.of("jpeg", 4L, "png", 2L));
    assertThat(all.pictures()).isEqualTo(6);
    assertThat(all.shorterSides()).isEqualTo(Map.of(1, 2L, 16, 2L, 32, 2L));
    assertThat(all.labels()).containsExactly("one", "two");
    assertThat(all.unlabelled()).isEqualTo(2);
    assertThat(all.lostByInput()).isEqualTo(Map.of("file:/in", 2L));
    assertThat(all.of(Count.UNREADABLE)).isEqualTo(2);
    assertThat(all.of(Count.CONFLICTING)).isEqualTo(2);
    assertThat(all.examples())
        .as("duplicates are no failures")
        .containsExactly("one.jpg (damaged: it is cut)", "two.jpg (damaged: it is cut)");
    assertThat(all.unread()).containsExactly("one.jpg (denied)", "two.jpg (denied)");
    assertThat(all.conflicts()).containsExactly("one and its twin", "two and its twin");
  }

  @Test
  void ofManyFailuresFiveAreNamedInOneTaskAndInAll() {
    Tally tally = new Tally();
    for (int i = 0; i < 7; i++) {
      tally.reject(i + ".jpg", "damaged", "it is cut");
      tally.unread(i + ".jpg", "denied");
      tally.conflict("conflict " + i);
    }
    Tally all = new Tally();
    all.add(task("one"));
    all.add(tally);

    for (Tally each : List.of(tally, all)) {
      assertThat(each.examples()).hasSize(5);
      assertThat(each.unread()).hasSize(5);
      assertThat(each.conflicts()).hasSize(5);
    }
    assertThat(all.examples())
        .startsWith("one.jpg (damaged: it is cut)", "0.jpg (damaged: it is cut)");
    assertThat(all.of(Count.UNREADABLE)).as("and all are counted").isEqualTo(8);
    assertThat(all.of(Count.CONFLICTING)).isEqualTo(8);
  }

  @Test
  void ofVeryManyLabelsTenThousandAreKept() {
    Tally tally = new Tally();
    for (int i = 0; i < 10_001; i++) {
      tally.standing(info("label " + i, "jpeg", 32, 32));
    }

    assertThat(tally.labels()).hasSize(10_000);
    assertThat(tally.pictures()).isEqualTo(10_001);
  }

  @Test
  void aTableChangesByEachKindOfRowThatComesOrGoes() {
    assertThat(new Tally().changesNothing()).isTrue();
    assertThat(counted(Count.UNCHANGED).changesNothing()).isTrue();
    for (Count change :
        List.of(Count.EDITED, Count.UNDECIDED, Count.ACCEPTED, Count.REJECTED_CHANGED)) {
      assertThat(counted(change).changesNothing()).as("%s", change).isFalse();
    }
  }

  @Test
  void whereNothingIsFoundNothingIsBad() {
    assertThat(new Tally().badShare(0)).isZero();
  }

  /** What a task tells of a few files, each called as it is. */
  private static Tally task(String name) {
    Tally tally = new Tally();
    for (CountedEvent event :
        List.of(
            new CountedEvent.FileRejected(name + ".jpg", "damaged", "it is cut"),
            new CountedEvent.FileRejected(name + "-2.jpg", "duplicate", "the same bytes"),
            new CountedEvent.RejectedStands("damaged"),
            new CountedEvent.PictureStands(info(name, "jpeg", 63, 32)),
            new CountedEvent.PictureStands(info(null, "png", 31, 1000)),
            new CountedEvent.PictureStands(info(name, "jpeg", 1, 0)),
            new CountedEvent.PictureLost("file:/in"),
            new CountedEvent.FileUnread(name + ".jpg", "denied"),
            new CountedEvent.Conflict(name + " and its twin"))) {
      tally.add(event);
    }
    return tally;
  }

  private static Tally counted(Count what) {
    Tally tally = new Tally();
    tally.add(new CountedEvent.Counted(what));
    return tally;
  }

  private static PictureInfo info(@Nullable String label, String format, int width, int height) {
    return new PictureInfo(
        "ab", "p", "file:/in", label, Split.TRAIN, 7, 1, format, width, height, null, "run");
  }
}
