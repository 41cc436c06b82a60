/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.source.Hints;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.table.Split;

/** Where a picture's label and split come from. */
sealed interface Labelling extends Serializable {

  Labelled of(SourceItem file, String imageId);

  record Labelled(@Nullable String label, Split split) {}

  /**
   * What the source itself says; failing that, the folder's name is the label and the split is
   * dealt out by the picture's hash.
   */
  record ByFolder(SplitConfig shares) implements Labelling {
    @Override
    public Labelled of(SourceItem file, String imageId) {
      Hints hints = file.hints();
      if (hints == null) {
        return new Labelled(file.folderName(), HashSplit.of(imageId, shares));
      }
      String label = hints.label() == null ? file.folderName() : hints.label();
      return new Labelled(
          label,
          hints.split() == null ? HashSplit.of(imageId, shares) : split(file, hints.split()));
    }

    private static Split split(SourceItem file, String word) {
      return Split.of(word)
          .orElseThrow(
              () ->
                  Check.failure(
                      Blame.DATA,
                      "the split of %s is '%s'; it must be train, validation or test: mend it, or"
                          + " give splits with --labels",
                      file.path(),
                      word));
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
