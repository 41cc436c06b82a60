/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The same number of workers in every round; where they have to take turns, that is said. */
public final class FixedWorkforce implements Workforce {
  private static final Logger LOG = LoggerFactory.getLogger(FixedWorkforce.class);

  private final int workers;
  private final IntSupplier slots;
  private boolean begun;
  private int told;

  /**
   * A workforce.
   *
   * @param slots how many tasks the executors can run at once
   */
  public FixedWorkforce(int workers, IntSupplier slots) {
    this.workers = workers;
    this.slots = slots;
  }

  @Override
  public int workers() {
    // Before the first round executors may still be on their way.
    int there = begun ? slots.getAsInt() : 0;
    begun = true;
    if (there > 0 && there < workers && there != told) {
      told = there;
      LOG.warn(
          "{} workers have {} slots and take turns, so that a round takes about {} times as long as"
              + " with a slot for each; give more executors or cores (a slot is spark.task.cpus of"
              + " them), or fewer workers",
          workers,
          there,
          (workers + there - 1) / there);
    }
    return workers;
  }
}
