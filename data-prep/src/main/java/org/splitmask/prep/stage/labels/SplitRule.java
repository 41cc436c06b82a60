/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;

/** Deals out to splits the pictures of which nobody says it. None of the rules ever moves one. */
public sealed interface SplitRule extends Serializable {

  Split of(Given given, String imageId, @Nullable PictureInfo known);

  /** By the picture's hash: shares are met on average, and no other picture matters. */
  record ByHash(SplitConfig shares) implements SplitRule {
    @Override
    public Split of(Given given, String imageId, @Nullable PictureInfo known) {
      return HashSplit.of(imageId, shares);
    }
  }

  /** By the hash of the group: pictures of one object never straddle splits. */
  record ByGroup(SplitConfig shares) implements SplitRule {
    @Override
    public Split of(Given given, String imageId, @Nullable PictureInfo known) {
      String group = given.group();
      return HashSplit.of(group == null ? imageId : ContentHash.of(group), shares);
    }
  }

  /**
   * Label by label: a picture that the table has keeps its split; of the new ones of a label, in
   * the order of their hashes, as many go to test and validation as those lack.
   */
  record ByLabel(Shared<LabelQuotas> quotas) implements SplitRule {
    @Override
    public Split of(Given given, String imageId, @Nullable PictureInfo known) {
      return known == null ? quotas.value().split(given.label(), imageId) : known.split();
    }
  }
}
