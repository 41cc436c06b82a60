/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.List;
import org.splitmask.prep.table.PatchRow;

/**
 * Makes mini-batches of rows. What it draws at random depends on (run seed, epoch, image id) alone,
 * so that every image is seen alike whichever worker has it. One thread at a time.
 */
public interface MiniBatchAssembler<B extends MiniBatch> extends AutoCloseable {
  /**
   * The mini-batch of these rows.
   *
   * @param epoch from 0
   */
  B assemble(List<PatchRow> rows, int epoch);

  /** Frees what it holds outside of the heap. */
  @Override
  default void close() {}
}
