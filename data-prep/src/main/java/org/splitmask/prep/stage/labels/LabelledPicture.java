/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.Split;

/**
 * A picture that is to be counted by its label.
 *
 * @param label as {@link LabelQuotas#key} writes it
 * @param split that the table or the source says; none of a new picture
 * @param rank by which new pictures of a label are dealt out
 */
public record LabelledPicture(String label, @Nullable Split split, String rank)
    implements Serializable {
  /**
   * A picture.
   *
   * @param imageId 64 hexadecimal digits
   */
  public static LabelledPicture of(@Nullable String label, @Nullable Split split, String imageId) {
    return new LabelledPicture(LabelQuotas.key(label), split, HashSplit.rank(imageId));
  }
}
