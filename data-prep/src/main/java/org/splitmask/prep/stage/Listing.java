/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.apache.spark.api.java.JavaRDD;
import org.splitmask.prep.source.SourceItem;

/**
 * All that was found below the inputs.
 *
 * @param items with unique paths
 * @param found how many there are; more where some were found twice
 * @param ofContainers whether some lie in containers
 */
record Listing(JavaRDD<SourceItem> items, long found, boolean ofContainers) {
  private static final int ITEMS_PER_TASK = 4000;

  /** Tasks that do little for each item. */
  int tasks() {
    return tasks(items.context().defaultParallelism(), found);
  }

  static int tasks(int parallelism, long items) {
    return (int) Math.max(Math.max(parallelism, 2), items / ITEMS_PER_TASK);
  }
}
