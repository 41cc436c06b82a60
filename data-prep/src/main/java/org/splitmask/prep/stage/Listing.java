/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.splitmask.prep.source.SourceItem;

/**
 * All that was found below the inputs.
 *
 * @param items with unique paths
 * @param byInput how many there are, and what tells them from others
 * @param ofContainers whether some lie in containers
 */
record Listing(JavaRDD<SourceItem> items, Map<String, InputListing> byInput, boolean ofContainers) {
  /** Worth a task of their own, where little is done for each. */
  static final int ITEMS_PER_TASK = 4000;

  long count() {
    return byInput.values().stream().mapToLong(InputListing::files).sum();
  }

  /** Tasks that look at every item. */
  int tasks() {
    return tasks(items.context().defaultParallelism(), count());
  }

  static int tasks(int parallelism, long items) {
    return (int) Math.max(Math.max(parallelism, 2), items / ITEMS_PER_TASK);
  }
}
