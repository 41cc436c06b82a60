/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.RowGroup;

/**
 * How rows are read and mini-batches made; mixedRowGroups decides the order of images, the others
 * only the speed.
 *
 * @param mixedRowGroups how many row groups are mixed at a time
 * @param cacheBytes how many bytes of row groups a process keeps, as {@link RowGroup#bytes} counts
 * @param threads that make mini-batches ahead of a worker's steps
 */
public record Loading(int mixedRowGroups, long cacheBytes, int threads) implements Serializable {
  private static final long MEGABYTE = 1 << 20;

  public Loading {
    Check.that(mixedRowGroups >= 1, "mixed-row-groups must be at least 1, was %d", mixedRowGroups);
    Check.that(threads >= 1, "loader-threads must be at least 1, was %d", threads);
  }

  /**
   * Refuses a cache in which the row groups that are mixed do not fit: each image would put out the
   * row group of the next. The order is shuffled, so the largest ones may come together.
   *
   * @param groups of the split that is read
   */
  public void check(List<RowGroup> groups) {
    long mixed =
        groups.stream()
            .map(RowGroup::bytes)
            .sorted(Comparator.reverseOrder())
            .limit(mixedRowGroups)
            .mapToLong(Long::longValue)
            .sum();
    Check.that(
        mixed <= cacheBytes,
        "cache-megabytes must be at least %d, was %d: the %d largest row groups, which"
            + " mixed-row-groups=%d may mix, hold that much; raise cache-megabytes, which each"
            + " process needs on its heap",
        (mixed + MEGABYTE - 1) / MEGABYTE,
        cacheBytes / MEGABYTE,
        Math.min(mixedRowGroups, groups.size()),
        mixedRowGroups);
  }
}
