/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.util.TreeSet;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;
import org.splitmask.prep.stage.resolve.RankBounds;
import org.splitmask.prep.table.Split;

/** A label with the ranks of its new pictures, all in memory: slow and obvious. */
public final class CountedLabel {
  private final LabelCount count = new LabelCount();
  private final TreeSet<String> ranks = new TreeSet<>();

  /** Adds a picture. */
  public CountedLabel add(LabelledPicture picture) {
    count.add(picture);
    if (picture.split() == null) {
      ranks.add(picture.rank());
    }
    return this;
  }

  public CountedLabel addKnown(Split split) {
    return add(LabelledPicture.of("label", split, "0".repeat(64)));
  }

  public CountedLabel addNew(String imageId) {
    return add(LabelledPicture.of("label", null, imageId));
  }

  public CountedLabel plus(CountedLabel other) {
    count.plus(other.count);
    ranks.addAll(other.ranks);
    return this;
  }

  /** The bounds of the label. */
  public Bounds bounds(SplitConfig shares) {
    RankBounds bounds = new RankBounds(count.places(shares));
    ranks.forEach(bounds::next);
    return bounds.bounds();
  }
}
