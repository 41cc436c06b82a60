/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.io.Serializable;
import java.util.List;
import org.splitmask.prep.table.PatchRow;

/** Turns pictures into vectors. */
@FunctionalInterface
interface RowFeatures extends Serializable {
  /** One vector for each row, in their order. */
  List<float[]> of(List<PatchRow> rows);
}
