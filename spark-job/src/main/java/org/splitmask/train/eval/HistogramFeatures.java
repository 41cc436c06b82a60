/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import org.splitmask.prep.patch.PatchShape;

/** {@link BaselineFeatures#histogram} of rows. */
record HistogramFeatures(PatchShape stored) implements RowFeatures {
  @Override
  public Extractor open() {
    return rows ->
        rows.stream().map(row -> BaselineFeatures.histogram(row.patches(), stored)).toList();
  }
}
