/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.splitmask.common.failure.Check;
import org.splitmask.prep.stage.compare.ExpectedChanges;

/** How many tasks share the contents of a run. */
final class TaskCount {
  /** Of more, the driver would do little but keep account. */
  static final int MOST = 1_000_000;

  private static final int FEWEST = 8;
  private static final int LEAST_FILES = 64;

  /** Files that need nothing are only passed through. */
  private static final int MOST_FILES = 100_000;

  private TaskCount() {}

  /**
   * A few at least, so that small tables have several row groups for a reader to mix.
   *
   * @param filesPerTask most files that one task reads
   * @param cores that work at a time
   */
  static int of(ExpectedChanges expected, int filesPerTask, int cores) {
    long read = expected.toRead();
    long all = read + expected.unchanged() + expected.retained();
    long reading = ceiling(read, filesPerTask);
    Check.that(
        reading <= MOST,
        "%d files are to be read, which at files-per-task=%d are %d tasks, and %d are the most; set"
            + " files-per-task to %d or more, or prepare the inputs in several runs",
        read,
        filesPerTask,
        reading,
        MOST,
        ceiling(read, MOST));
    long passing = ceiling(all, MOST_FILES);
    Check.that(
        passing <= MOST,
        "the table and its inputs have %d files, and %d are the most; prepare several tables",
        all,
        (long) MOST * MOST_FILES);
    long worthwhile = ceiling(read, LEAST_FILES);
    long wanted = Math.min(Math.max(FEWEST, cores), worthwhile);
    return (int) Math.max(1, Math.max(Math.max(reading, passing), wanted));
  }

  private static long ceiling(long files, long perTask) {
    return (files + perTask - 1) / perTask;
  }
}
