/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.time.Duration;

/** Held by whoever writes to a table, from before the first file to behind the commit. */
public interface WriteGuard extends AutoCloseable {
  /** Fails if it is held no longer; to be called right before a commit. */
  void check();

  /**
   * How old a file that no snapshot names must be to be litter: a younger one may belong to a run
   * that has not committed yet. Zero where nobody else can write.
   */
  Duration litterAge();

  @Override
  void close();

  /** Where nobody can be kept away: of two commits, the second fails. */
  static WriteGuard none(Duration litterAge) {
    return new WriteGuard() {
      @Override
      public void check() {}

      @Override
      public Duration litterAge() {
        return litterAge;
      }

      @Override
      public void close() {}
    };
  }
}
