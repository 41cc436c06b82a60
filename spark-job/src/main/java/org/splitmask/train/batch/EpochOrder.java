/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.RoundPlanner;

/**
 * The order in which an epoch takes the images: the row groups shuffled, then the rows of each few
 * consecutive groups, a window, mixed. A reader of consecutive places holds no more than the groups
 * of a window. Each window has a seed of its own and is drawn when it is read, so that an order
 * takes memory by row groups and not by images.
 */
final class EpochOrder {
  private static final long ORDER = Seeds.hash("order");

  /** Windows that are kept once drawn: more than workers read from at the same time. */
  private static final int KEPT = 64;

  private final List<RowGroup> groups;
  private final int mixed;
  private final long seed;
  private final int epoch;

  /** The row groups' indices, in the order of the epoch. */
  private final int[] shuffled;

  /** By window, its first place; behind the last, the number of images. */
  private final int[] starts;

  private final Map<Integer, int[]> drawn = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Draws the order.
   *
   * @param mixed how many row groups are mixed
   */
  EpochOrder(List<RowGroup> groups, int mixed, long seed, int epoch) {
    RoundPlanner.countable(groups.stream().mapToLong(RowGroup::rows).sum());
    this.groups = groups;
    this.mixed = Math.max(1, Math.min(mixed, groups.size()));
    this.seed = seed;
    this.epoch = epoch;
    this.shuffled = new int[groups.size()];
    Arrays.setAll(shuffled, i -> i);
    shuffle(shuffled, new SplittableRandom(Seeds.of(seed, ORDER, epoch)));
    this.starts = new int[(shuffled.length + this.mixed - 1) / this.mixed + 1];
    for (int window = 0; window + 1 < starts.length; window++) {
      starts[window + 1] = starts[window] + rows(window);
    }
  }

  /** Takes the place of an image in the table. */
  interface Visitor {
    void visit(RowGroup group, int row);
  }

  /** Visits the images at these places, in order. */
  void visit(Range places, Visitor visitor) {
    int place = places.from();
    while (place < places.to()) {
      int window = window(place);
      int[] order = order(window);
      int end = Math.min(places.to(), starts[window + 1]);
      for (; place < end; place++) {
        visit(window, order[place - starts[window]], visitor);
      }
    }
  }

  /** The last window that does not begin behind a place; windows may be empty. */
  private int window(int place) {
    int low = 0;
    int high = starts.length - 2;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Visits an image by its number in a window before its rows are mixed. */
  private void visit(int window, int number, Visitor visitor) {
    int row = number;
    int at = window * mixed;
    while (row >= groups.get(shuffled[at]).rows()) {
      row -= groups.get(shuffled[at]).rows();
      at++;
    }
    visitor.visit(groups.get(shuffled[at]), row);
  }

  private int[] order(int window) {
    synchronized (drawn) {
      int[] order = drawn.get(window);
      if (order == null) {
        order = new int[rows(window)];
        Arrays.setAll(order, i -> i);
        shuffle(order, new SplittableRandom(Seeds.of(seed, ORDER, epoch, window)));
        drawn.put(window, order);
        if (drawn.size() > KEPT) {
          drawn.remove(drawn.keySet().iterator().next());
        }
      }
      return order;
    }
  }

  private int rows(int window) {
    int rows = 0;
    for (int i = window * mixed; i < Math.min(shuffled.length, (window + 1) * mixed); i++) {
      rows += groups.get(shuffled[i]).rows();
    }
    return rows;
  }

  /** Fisher and Yates. */
  private static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
