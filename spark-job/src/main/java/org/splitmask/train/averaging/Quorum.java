/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import org.splitmask.common.failure.Check;

/**
 * How many workers a round waits for. With fewer than all, what a run learns depends on which of
 * them are slow.
 *
 * @param minShare of the workers, (0, 1]; 1 waits for all of them
 * @param stragglerSeconds how long the others are waited for when so many are done
 */
public record Quorum(double minShare, int stragglerSeconds) {
  /** All workers, always. */
  public static final Quorum ALL = new Quorum(1, 0);

  public Quorum {
    Check.that(
        minShare > 0 && minShare <= 1, "min-share-of-workers must be in (0, 1], was %s", minShare);
    Check.that(
        stragglerSeconds >= 0, "straggler-seconds must be at least 0, was %d", stragglerSeconds);
  }

  /** Whether no worker is ever left out. */
  public boolean isAll() {
    return minShare == 1;
  }

  /** The workers that have to be done. */
  public int least(int workers) {
    return (int) Math.ceil(minShare * workers);
  }
}
