/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;

/** Gives pictures their label and split: what is said of them, and a rule where no split is. */
public record Labelling(LabelSource labels, SplitRule splits) implements Serializable {

  /** The label and split that a picture gets. */
  public record Labelled(@Nullable String label, Split split) {
    /** For people: hats/train. */
    public String describe() {
      return (label == null ? "none" : label) + "/" + split.word();
    }
  }

  /**
   * The label and split of a picture.
   *
   * @param known what the table says of the same bytes
   */
  public Labelled of(SourceItem item, String imageId, @Nullable PictureInfo known) {
    Given given = labels.of(item);
    Split split = given.split() == null ? splits.of(given, imageId, known) : given.split();
    return new Labelled(given.label(), split);
  }

  /**
   * The label and split of a file that the table has from elsewhere, and that was not looked for. A
   * label file says nothing of it, and nobody of its group: then those of the table stay.
   *
   * @param known what the table says of the same bytes
   */
  public Labelled ofRetained(SourceItem item, String imageId, @Nullable PictureInfo known) {
    Labelled now = of(item, imageId, known);
    if (known == null) {
      return now;
    }
    if (labels instanceof LabelSource.Listed) {
      return new Labelled(known.label(), known.split());
    }
    return splits instanceof SplitRule.ByGroup ? new Labelled(now.label(), known.split()) : now;
  }

  /** The same labels with another rule for splits. */
  public Labelling with(SplitRule rule) {
    return new Labelling(labels, rule);
  }
}
