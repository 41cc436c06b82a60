/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.text.Words;
import org.splitmask.prep.table.Split;

/** Who says what a picture shows. */
public sealed interface LabelSource extends Serializable {

  Given of(SourceItem item);

  /**
   * What is said of a picture; each part may be missing.
   *
   * @param group the object, patient or place that it shows
   */
  record Given(@Nullable String label, @Nullable Split split, @Nullable String group) {}

  /**
   * What the source itself says; failing that, the folder's name is the label, or the split if it
   * is called so.
   */
  record Folder(SplitFolders splitFolders) implements LabelSource {
    @Override
    public Given of(SourceItem item) {
      Hints hints = item.hints();
      if (hints == null) {
        return new Given(splitFolders.label(item), splitFolders.split(item).orElse(null), null);
      }
      String label = hints.label() == null ? splitFolders.label(item) : hints.label();
      String split = hints.split();
      return new Given(
          Hints.UNUSABLE.equals(label) ? null : label,
          split == null ? splitFolders.split(item).orElse(null) : split(item, split),
          hints.group());
    }

    private static Split split(SourceItem item, String word) {
      return Split.named(Words.strip(word))
          .orElseThrow(
              () ->
                  Check.failure(
                      Blame.DATA,
                      "the split of %s is '%s'; it must be train, validation or test: correct"
                          + " it, or give splits with --labels",
                      item.path(),
                      word));
    }
  }

  /**
   * As folders, for pictures whose group decides their split. So it must not be given, too: other
   * pictures of the group may come with other runs, which do not know of it.
   */
  record Grouped(Folder source) implements LabelSource {
    @Override
    public Given of(SourceItem item) {
      Given given = source.of(item);
      Split split = given.split();
      String group = given.group();
      if (split != null && group != null) {
        throw Check.failure(
            Blame.DATA,
            "%s is of the group %s and is given the split %s, by itself or by the name of a"
                + " folder, an archive or an input; with split-by=group the group decides. Leave"
                + " the splits out (of names: split-folders=ignore), or give groups and splits"
                + " with --labels",
            item.path(),
            group,
            split.word());
      }
      return given;
    }
  }

  /**
   * A file says it all: it was joined with the items. A picture that it does not list has no label
   * and serves for training alone, so that validation and test are exactly what the file says.
   */
  record Listed() implements LabelSource {
    private static final Given NOT_LISTED = new Given(null, Split.TRAIN, null);

    @Override
    public Given of(SourceItem item) {
      Hints said = item.hints();
      if (said == null) {
        return NOT_LISTED;
      }
      String split = said.split();
      return new Given(
          said.label(), split == null ? null : Split.of(split).orElseThrow(), said.group());
    }
  }
}
