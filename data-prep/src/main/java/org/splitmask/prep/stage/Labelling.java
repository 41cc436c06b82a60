/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.table.Split;

/** Where a picture's label and split come from. */
sealed interface Labelling extends Serializable {

  Labelled of(SourceItem file, String imageId);

  record Labelled(@Nullable String label, Split split) {
    /** For people: hats/train. */
    String describe() {
      return (label == null ? "none" : label) + "/" + split.word();
    }
  }

  /** The folder's name is the label; the split is dealt out by the picture's hash. */
  record ByFolder(SplitConfig shares) implements Labelling {
    @Override
    public Labelled of(SourceItem file, String imageId) {
      return new Labelled(file.folderName(), HashSplit.of(imageId, shares));
    }
  }

  /**
   * A file says both. A picture that it does not list has no label and serves for training alone,
   * so that validation and test are exactly what the file says.
   */
  record ByList(Broadcast<Map<String, LabelFile.Entry>> entries, SplitConfig shares)
      implements Labelling {
    @Override
    public Labelled of(SourceItem file, String imageId) {
      LabelFile.Entry entry = entries.value().get(file.relativePath());
      if (entry == null) {
        return new Labelled(null, Split.TRAIN);
      }
      Split split = entry.split() == null ? HashSplit.of(imageId, shares) : entry.split();
      return new Labelled(entry.label(), split);
    }
  }
}
