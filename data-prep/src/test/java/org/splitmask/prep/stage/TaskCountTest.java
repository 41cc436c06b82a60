/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.stage.compare.ExpectedChanges;

class TaskCountTest {
  private static final int CORES = 16;
  private static final long BILLION = 1_000_000_000L;

  @Test
  void smallRunsHaveAFewTasksAndLargeOnesAsManyAsTheirFilesNeed() {
    assertThat(TaskCount.of(files(0, 0), 4000, CORES)).isEqualTo(1);
    assertThat(TaskCount.of(files(64, 0), 4000, CORES)).isEqualTo(1);
    assertThat(TaskCount.of(files(65, 0), 4000, CORES)).isEqualTo(2);
    assertThat(TaskCount.of(files(10_000, 0), 4000, CORES)).isEqualTo(CORES);
    assertThat(TaskCount.of(files(10_000, 0), 4000, 2)).isEqualTo(8);
    assertThat(TaskCount.of(files(1_000_001, 0), 4000, CORES)).isEqualTo(251);
    assertThat(TaskCount.of(files(1, 5_000_000), 4000, CORES)).isEqualTo(51);
  }

  @Test
  void threeBillionPicturesAreDealtOut() {
    assertThat(TaskCount.of(files(3 * BILLION, 0), 4000, CORES)).isEqualTo(750_000);
    assertThat(TaskCount.of(files(0, 3 * BILLION), 1, CORES)).isEqualTo(30_000);
  }

  @Test
  void moreTasksThanADriverCanHoldAreRefusedWithWhatToDo() {
    assertThatThrownBy(() -> TaskCount.of(files(3 * BILLION, 0), 1, CORES))
        .hasMessageContainingAll(
            "3000000000 files are to be read",
            "files-per-task=1 are 3000000000 tasks, and 1000000 are the most",
            "set files-per-task to 3000 or more")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
    assertThat(TaskCount.of(files(3 * BILLION, 0), 3000, CORES)).isEqualTo(TaskCount.MOST);
    assertThatThrownBy(() -> TaskCount.of(files(0, 200_000 * BILLION), 4000, CORES))
        .hasMessageContaining("have 200000000000000 files, and 100000000000 are the most");
  }

  @Test
  void filesThatARunDoesNotLookForArePassedThroughToo() {
    assertThat(TaskCount.of(new ExpectedChanges(0, 0, 0, 0, 0, 0, 0, 500_000, 0, Set.of()), 1, 1))
        .isEqualTo(5);
    assertThat(TaskCount.of(files(0, 100_000 * 1_000_000L), 4000, CORES))
        .as("as many as a table may have")
        .isEqualTo(TaskCount.MOST);
  }

  private static ExpectedChanges files(long added, long unchanged) {
    return new ExpectedChanges(added, 0, unchanged, 0, 0, 0, 0, 0, 0, Set.of());
  }
}
