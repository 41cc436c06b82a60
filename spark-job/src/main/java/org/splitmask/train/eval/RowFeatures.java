/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.io.Serializable;
import java.util.List;
import org.splitmask.prep.table.PatchRow;

/** A kind of vector that pictures are turned into, as it travels to the executors. */
@FunctionalInterface
interface RowFeatures extends Serializable {
  /** Makes what turns pictures into vectors; who opens it closes it. */
  Extractor open();

  /** Turns pictures into vectors. One thread at a time. */
  @FunctionalInterface
  interface Extractor extends AutoCloseable {
    /** One vector for each row, in their order. */
    List<float[]> of(List<PatchRow> rows);

    /** Frees what it holds outside of the heap. */
    @Override
    default void close() {}
  }
}
