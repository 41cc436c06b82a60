/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.schedule.Range;

class LoadingTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void aCacheSmallerThanTheLargestGroupsThatAreMixedIsRefused() {
    List<RowGroup> groups = groups(3, 9, 1, 8, 2);

    assertThatCode(() -> new Loading(2, 17 * MEGABYTE, 1).check(groups)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new Loading(2, 16 * MEGABYTE, 1).check(groups))
        .hasMessageContaining("cache-megabytes must be at least 17, was 16")
        .hasMessageContaining("the 2 largest row groups, which mixed-row-groups=2 may mix")
        .hasMessageContaining("raise cache-megabytes")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
  }

  @Test
  void theBoundIsRoundedUpToWholeMegabytes() {
    List<RowGroup> groups = List.of(new RowGroup("file", 0, 10, 4 * MEGABYTE + 1));

    assertThatThrownBy(() -> new Loading(1, 4 * MEGABYTE, 1).check(groups))
        .hasMessageContaining("at least 5, was 4");
    assertThatCode(() -> new Loading(1, 5 * MEGABYTE, 1).check(groups)).doesNotThrowAnyException();
  }

  @Test
  void aTableThatFitsWholePassesHoweverManyGroupsAreMixed() {
    assertThatCode(() -> new Loading(100, 23 * MEGABYTE, 1).check(groups(3, 9, 1, 8, 2)))
        .doesNotThrowAnyException();
    assertThatCode(() -> new Loading(4, MEGABYTE, 1).check(List.of())).doesNotThrowAnyException();
  }

  /** What the check is for: with the bound each group is read once an epoch, below it far more. */
  @Test
  void withTheBoundEveryGroupIsReadOnceAnEpoch() {
    List<RowGroup> groups = groups(3, 9, 1, 8, 2, 7, 4, 5);

    assertThat(readingsOfAnEpoch(groups, 24 * MEGABYTE)).isEqualTo(groups.size());
    assertThat(readingsOfAnEpoch(groups, 8 * MEGABYTE)).isGreaterThan(10 * groups.size());
  }

  private static int readingsOfAnEpoch(List<RowGroup> groups, long cacheBytes) {
    List<RowGroup> read = new ArrayList<>();
    RowGroupCache cache =
        new RowGroupCache(
            group -> {
              read.add(group);
              return Collections.nCopies(group.rows(), null);
            },
            cacheBytes);
    TableRows rows = new TableRows(groups, 3, 1, cache::rows);
    int images = groups.stream().mapToInt(RowGroup::rows).sum();
    for (int place = 0; place < images; place++) {
      rows.rows(0, List.of(new Range(place, place + 1)));
    }
    return read.size();
  }

  @Test
  void moreImagesThanARunCanCountAreRefusedBeforeAnOrderIsDrawn() {
    List<RowGroup> groups =
        List.of(
            new RowGroup("file", 0, Integer.MAX_VALUE, 1),
            new RowGroup("file", 1, Integer.MAX_VALUE, 1));

    assertThatThrownBy(() -> new EpochOrder(groups, 1, 1, 0))
        .hasMessageContaining("has 4294967294 images, a run can have at most 2147483639");
  }

  private static List<RowGroup> groups(int... megabytes) {
    List<RowGroup> groups = new ArrayList<>();
    for (int size : megabytes) {
      groups.add(new RowGroup("file", groups.size(), 40, size * MEGABYTE));
    }
    return groups;
  }
}
