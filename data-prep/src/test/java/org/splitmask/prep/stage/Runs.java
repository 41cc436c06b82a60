/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.time.Instant;
import java.util.List;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.SplitFolders;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.stage.resolve.ContentEntry;
import org.splitmask.prep.stage.resolve.FileKey;
import org.splitmask.prep.stage.resolve.PlanPartition;
import org.splitmask.prep.stage.resolve.PlanStep;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import scala.Tuple2;

/** A request, and what is counted of pictures. */
final class Runs {
  static final PrepareRequest REQUEST =
      new PrepareRequest(
          List.of("/in"),
          TableAddress.folder("/table"),
          "labels.tsv",
          Configurations.bind(PrepareConfig.class, KeyValues.none()),
          RerunPolicy.INCREMENTAL,
          "run-7",
          Instant.parse("2026-01-02T03:04:05Z"));

  private static final String HASH = "ab".repeat(32);

  private Runs() {}

  /** What is counted of a picture that the table has and that is there as it was. */
  static Tally standing(int width, int height) {
    PictureInfo info =
        new PictureInfo(
            HASH, "/in/1.jpg", "/in", null, Split.TRAIN, 7, 1, "jpeg", width, height, null, "run");
    KnownRow row = new KnownRow.Picture(info, "data.parquet");
    ContentEntry entry =
        new ContentEntry.Present(
            Stamps.item(row.file()), ContentEntry.Standing.SAME, row, null, null);
    Labelling labelling =
        new Labelling(
            new LabelSource.Folder(SplitFolders.NONE),
            new SplitRule.ByHash(new SplitConfig(0, 0, SplitBy.HASH)));
    PlanStep counts =
        new PlanPartition(labelling, "run-7")
            .call(List.of(new Tuple2<>(new FileKey(HASH, "/in/1.jpg"), entry)).iterator())
            .next();
    return ((PlanStep.Counts) counts).tally();
  }
}
