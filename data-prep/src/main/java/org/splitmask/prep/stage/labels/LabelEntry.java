/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.Split;

/**
 * What a label file says of a picture.
 *
 * @param split none where the cell is empty
 * @param group none where there is no such column, or the cell is empty
 */
record LabelEntry(@Nullable String label, @Nullable Split split, @Nullable String group, int line)
    implements Serializable {
  /** Whether the other line says the same. */
  boolean agrees(LabelEntry other) {
    return equals(new LabelEntry(other.label, other.split, other.group, line));
  }
}
