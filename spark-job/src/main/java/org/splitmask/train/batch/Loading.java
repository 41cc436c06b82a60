/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * How rows are read and mini-batches made; mixedRowGroups decides the order of images, the others
 * only the speed.
 *
 * @param mixedRowGroups how many row groups are mixed at a time
 * @param cacheBytes how many bytes of row groups a process keeps
 * @param threads that make mini-batches ahead of a worker's steps
 */
public record Loading(int mixedRowGroups, long cacheBytes, int threads) implements Serializable {
  public Loading {
    Check.that(mixedRowGroups >= 1, "mixed-row-groups must be at least 1, was %d", mixedRowGroups);
    Check.that(threads >= 1, "loader-threads must be at least 1, was %d", threads);
  }
}
