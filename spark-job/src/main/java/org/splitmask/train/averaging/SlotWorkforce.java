/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.function.IntSupplier;
import java.util.function.IntToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As many workers as the executors have slots, looked at before each round. What a run comes to
 * depends then on when executors came and went.
 */
public final class SlotWorkforce implements Workforce {
  private static final Logger LOG = LoggerFactory.getLogger(SlotWorkforce.class);

  private final IntSupplier slots;
  private final int least;
  private final int most;
  private final IntToDoubleFunction rateFactor;
  private int before;

  /**
   * A workforce.
   *
   * @param slots how many tasks the executors can run at once
   * @param least workers; with fewer slots they take turns
   * @param most workers, that the images suffice for
   * @param rateFactor on the learning rate by workers
   */
  public SlotWorkforce(IntSupplier slots, int least, int most, IntToDoubleFunction rateFactor) {
    this.slots = slots;
    this.least = least;
    this.most = most;
    this.rateFactor = rateFactor;
  }

  @Override
  public int workers() {
    int now = Math.min(most, Math.max(least, slots.getAsInt()));
    if (before != now) {
      LOG.info("rounds have {} workers from here on, since executors have that many slots", now);
    }
    before = now;
    return now;
  }

  @Override
  public double rateFactor(int workers) {
    return rateFactor.applyAsDouble(workers);
  }
}
