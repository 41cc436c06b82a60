/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.List;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchRow;

/** {@link BaselineFeatures#histogram} of rows. */
record HistogramFeatures(PatchShape stored) implements RowFeatures {
  @Override
  public List<float[]> of(List<PatchRow> rows) {
    return rows.stream().map(row -> BaselineFeatures.histogram(row.patches(), stored)).toList();
  }
}
