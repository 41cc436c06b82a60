/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.List;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchRow;

/** {@link BaselineFeatures#pixels} of rows. */
record PixelFeatures(PatchShape stored) implements RowFeatures {
  @Override
  public List<float[]> of(List<PatchRow> rows) {
    return rows.stream().map(row -> BaselineFeatures.pixels(row.patches(), stored)).toList();
  }
}
