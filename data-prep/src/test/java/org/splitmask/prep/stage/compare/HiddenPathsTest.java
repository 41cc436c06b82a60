/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.RejectedRow;

/** The rule without Spark; {@code NothingIsLostIT} has it with whole tables. */
class HiddenPathsTest {
  @Test
  void aMissedFileIsHiddenByTheNearestThatCannotBeOpened() {
    Set<String> hidden = Set.of("file:/in", "file:/in/disk", "file:/in/disk/a.tar", "file:/in/b");

    assertThat(hiddenBy(gone("file:/in/disk/a.tar!/x/1.jpg"), hidden))
        .isEqualTo("file:/in/disk/a.tar");
    assertThat(hiddenBy(gone("file:/in/disk/c.tar!/1.jpg"), hidden)).isEqualTo("file:/in/disk");
    assertThat(hiddenBy(gone("file:/in/bb/1.jpg"), hidden))
        .as("a name that only begins so")
        .isEqualTo("file:/in");
    assertThat(hiddenBy(gone("file:/other/1.jpg"), hidden)).isNull();
    assertThat(hiddenBy(gone("file:/in/b"), Set.of("file:/in/b")))
        .as("a name does not hide itself")
        .isNull();
  }

  @Test
  void aHiddenRowIsRetainedAndAnyOtherIsGone() {
    Candidate.Gone missed = gone("file:/in/a.tar!/1.jpg");

    assertThat(HiddenPaths.judged(missed, "file:/in/a.tar"))
        .isEqualTo(new Candidate.Retained(missed.known(), "file:/in/a.tar"));
    assertThat(HiddenPaths.judged(missed, null)).isSameAs(missed);
  }

  @Test
  void onlyRowsThatWereLookedForCanBeHidden() {
    Candidate.Gone missed = gone("file:/in/1.jpg");

    assertThat(HiddenPaths.isMissed(missed)).isTrue();
    assertThat(HiddenPaths.isMissed(new Candidate.Gone(missed.known(), null))).isFalse();
    assertThat(HiddenPaths.isMissed(new Candidate.Retained(missed.known(), null))).isFalse();
    assertThat(HiddenPaths.isMissed(new Candidate.Same(item(), missed.known()))).isFalse();
    assertThat(HiddenPaths.isMissed(new Candidate.Read(item(), null))).isFalse();
  }

  @Test
  void anArchiveWithSeveralDamagesHidesOnce() {
    assertThat(
            HiddenPaths.damaged(
                List.of(
                    new Finding.Damage("file:/in/a.tar", "it is cut", 3),
                    new Finding.Damage("file:/in/b.zip", "it is cut", Finding.Damage.UNKNOWN),
                    new Finding.Damage("file:/in/a.tar", "a nested archive", 1))))
        .containsExactly("file:/in/a.tar", "file:/in/b.zip");
  }

  private static @Nullable String hiddenBy(Candidate missed, Set<String> hidden) {
    return HiddenPaths.above(missed).stream()
        .filter(hidden::contains)
        .reduce(HiddenPaths::nearer)
        .orElse(null);
  }

  private static Candidate.Gone gone(String path) {
    FileStamp file = new FileStamp(path, "file:/in", 7, 100);
    RejectedRow row = new RejectedRow(file, null, "unreadable", "why", null);
    return new Candidate.Gone(new KnownRow.Rejected(row), "file:/in");
  }

  private static SourceItem item() {
    return new SourceItem("file:/in", "file:/in/1.jpg", 7, 100);
  }
}
