/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import org.apache.spark.api.java.JavaRDD;
import org.splitmask.prep.source.item.SourceItem;

/**
 * All that was found below the inputs.
 *
 * @param items with unique paths
 * @param tally what there is to say of all that was found; it counts twice what was found twice
 */
public record Listing(JavaRDD<SourceItem> items, ListingTally tally) {
  private static final int ITEMS_PER_TASK = 4000;

  /** Of more, the driver would do little but keep account. */
  private static final int MOST_TASKS = 1_000_000;

  /** Tasks that do little for each item. */
  public int tasks() {
    return tasks(items.context().defaultParallelism(), tally.items());
  }

  /** Whether some items lie in containers. */
  public boolean ofContainers() {
    return tally.containers() > 0;
  }

  static int tasks(int parallelism, long items) {
    long needed = Math.min(MOST_TASKS, items / ITEMS_PER_TASK);
    return (int) Math.max(Math.max(parallelism, 2), needed);
  }
}
