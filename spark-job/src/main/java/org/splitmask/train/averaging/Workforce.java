/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

/** How many workers each round has. */
public interface Workforce {
  /** The workers of the next round. */
  int workers();

  /**
   * The factor on the learning rate with so many workers; 1 where the rate is already meant for
   * them.
   */
  default double rateFactor(int workers) {
    return 1;
  }

  /** The same number in every round. */
  static Workforce of(int workers) {
    return () -> workers;
  }
}
