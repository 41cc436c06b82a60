/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.stage.LabelSource.Given;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;

/** Gives pictures their label and split: what is said of them, and a rule where no split is. */
record Labelling(LabelSource labels, SplitRule splits) implements Serializable {

  record Labelled(@Nullable String label, Split split) {
    /** For people: hats/train. */
    String describe() {
      return (label == null ? "none" : label) + "/" + split.word();
    }
  }

  /**
   * The label and split of a picture.
   *
   * @param known what the table says of the same bytes
   */
  Labelled of(SourceItem item, String imageId, @Nullable PictureInfo known) {
    Given given = labels.of(item);
    Split split = given.split() == null ? splits.of(given, imageId, known) : given.split();
    return new Labelled(given.label(), split);
  }

  /** The same labels with another rule for splits. */
  Labelling with(SplitRule rule) {
    return new Labelling(labels, rule);
  }
}
