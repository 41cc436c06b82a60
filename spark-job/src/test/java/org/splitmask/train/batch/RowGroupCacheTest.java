/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.RowGroup;

class RowGroupCacheTest {
  private static final long BYTES = 100;

  private final List<Integer> read = new ArrayList<>();

  @Test
  void aTableThatFitsIsReadOnce() {
    RowGroupCache cache = cache(4 * BYTES);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int group = 0; group < 4; group++) {
        cache.rows(group(group));
      }
    }
    assertThat(read).containsExactly(0, 1, 2, 3);
  }

  @Test
  void ofALargerOneTheGroupsThatWereUsedLastStay() {
    RowGroupCache cache = cache(2 * BYTES);
    cache.rows(group(0));
    cache.rows(group(1));
    cache.rows(group(0));
    cache.rows(group(2)); // puts out 1, which was used before 0
    cache.rows(group(0));
    assertThat(read).containsExactly(0, 1, 2);
    cache.rows(group(1));
    assertThat(read).containsExactly(0, 1, 2, 1);
  }

  @Test
  void aGroupLargerThanTheBoundIsReadAndGivenAllTheSame() {
    RowGroupCache cache = cache(BYTES / 2);
    assertThat(cache.rows(group(0))).isEmpty();
    cache.rows(group(0));
    assertThat(read).containsExactly(0);
    cache.rows(group(1));
    cache.rows(group(0));
    assertThat(read).containsExactly(0, 1, 0);
  }

  private RowGroupCache cache(long mostBytes) {
    return new RowGroupCache(
        group -> {
          read.add(group.ordinal());
          return List.of();
        },
        mostBytes);
  }

  private static RowGroup group(int ordinal) {
    return new RowGroup("file", ordinal, 10, BYTES);
  }
}
