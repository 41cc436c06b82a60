/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.List;
import java.util.SplittableRandom;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.schedule.RoundPlanner;

/**
 * The order in which an epoch takes the images: the row groups shuffled, then the rows of each few
 * consecutive groups mixed. A reader of consecutive places holds no more than those few groups.
 */
final class EpochOrder {
  private static final long ORDER = Seeds.hash("order");

  private final int[] group;
  private final int[] row;

  /**
   * Draws the order.
   *
   * @param mixed how many row groups are mixed
   */
  EpochOrder(List<RowGroup> groups, int mixed, long seed, int epoch) {
    int images = RoundPlanner.countable(groups.stream().mapToLong(RowGroup::rows).sum());
    this.group = new int[images];
    this.row = new int[images];
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, ORDER, epoch));
    int[] shuffled = new int[groups.size()];
    for (int i = 0; i < shuffled.length; i++) {
      shuffled[i] = i;
    }
    shuffle(shuffled, shuffled, 0, shuffled.length, random);
    int end = 0;
    int windowStart = 0;
    for (int i = 0; i < shuffled.length; i++) {
      for (int r = 0; r < groups.get(shuffled[i]).rows(); r++) {
        group[end] = shuffled[i];
        row[end++] = r;
      }
      if ((i + 1) % mixed == 0 || i + 1 == shuffled.length) {
        shuffle(group, row, windowStart, end, random);
        windowStart = end;
      }
    }
  }

  /** The index of the row group at a place. */
  int group(int place) {
    return group[place];
  }

  /** The row within that row group. */
  int row(int place) {
    return row[place];
  }

  /** Shuffles two arrays alike (Fisher and Yates); they may be one. */
  private static void shuffle(int[] a, int[] b, int from, int to, SplittableRandom random) {
    for (int i = to - 1; i > from; i--) {
      int j = random.nextInt(from, i + 1);
      swap(a, i, j);
      if (a != b) {
        swap(b, i, j);
      }
    }
  }

  private static void swap(int[] values, int i, int j) {
    int kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
}
