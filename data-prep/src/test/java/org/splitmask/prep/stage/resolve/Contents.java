/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitFolders;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.Split;

/** Files and rows of one content, labelled by their folders. */
final class Contents {
  static final String HASH = ContentHash.of("a picture");

  /** All new pictures are for training. */
  static final Labelling LABELLING =
      new Labelling(
          new LabelSource.Folder(SplitFolders.NONE),
          new SplitRule.ByHash(new SplitConfig(0, 0, SplitBy.HASH)));

  private Contents() {}

  static Present fresh(String path) {
    return new Present(item(path), Standing.NEW, null, null);
  }

  static Present same(String path) {
    return known(path, picture(path));
  }

  static Present known(String path, KnownRow row) {
    return new Present(item(path), Standing.SAME, row, null);
  }

  static KnownRow.Picture picture(String path) {
    String folder = path.split("/", -1)[2];
    return picture(path, folder, Split.TRAIN);
  }

  static KnownRow.Picture picture(String path, String label, Split split) {
    FileStamp file = stamp(path);
    PictureInfo info =
        new PictureInfo(
            HASH,
            file.path(),
            file.sourceRoot(),
            label,
            split,
            file.size(),
            file.modified(),
            "jpeg",
            40,
            30,
            null,
            "run-1");
    return new KnownRow.Picture(info, "file-1");
  }

  static KnownRow.Rejected rejected(String path, String reason, @Nullable String duplicateOf) {
    String detail = duplicateOf == null ? "broken" : "the same bytes as another file";
    return new KnownRow.Rejected(new RejectedRow(stamp(path), HASH, reason, detail, duplicateOf));
  }

  static FileStamp stamp(String path) {
    return new FileStamp(path, "/in", 10, 1000);
  }

  static SourceItem item(String path) {
    return Stamps.item(stamp(path));
  }
}
