/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.TableLayout;

/** Rows as Iceberg's records. */
final class PatchRowCodec {
  private final PatchShape shape;
  private final String runId;
  // One of each: the writer takes the values out before the next row comes.
  private final Record patches = GenericRecord.create(TableSchemas.PATCHES_SCHEMA);
  private final Record rejected = GenericRecord.create(TableSchemas.REJECTED_SCHEMA);

  PatchRowCodec(PatchShape shape, String runId) {
    this.shape = shape;
    this.runId = runId;
  }

  Record encode(AcceptedRow row) {
    Check.invariant(
        row.patches().length == shape.bytes(),
        "the patches of %s have %d bytes, the table's have %d",
        row.info().path(),
        row.patches().length,
        shape.bytes());
    PictureInfo info = row.info();
    patches.setField(TableLayout.IMAGE_ID, info.imageId());
    patches.setField(TableLayout.PATH, info.path());
    patches.setField(TableLayout.SOURCE_ROOT, info.sourceRoot());
    patches.setField(TableLayout.LABEL, info.label());
    patches.setField(TableLayout.SPLIT, info.split().word());
    patches.setField(TableLayout.SOURCE_SIZE, info.sourceSize());
    patches.setField(TableLayout.SOURCE_MODIFIED, time(info.sourceModified()));
    patches.setField(TableLayout.FORMAT, info.format());
    patches.setField(TableLayout.ORIGINAL_WIDTH, info.originalWidth());
    patches.setField(TableLayout.ORIGINAL_HEIGHT, info.originalHeight());
    patches.setField(TableLayout.COLOUR_PROFILE, info.colourProfile());
    patches.setField(TableLayout.IMAGE_SIZE, shape.imageSize());
    patches.setField(TableLayout.PATCH_SIZE, shape.patchSize());
    patches.setField(TableLayout.CHANNELS, shape.channels());
    patches.setField(TableLayout.PATCHES, ByteBuffer.wrap(row.patches()));
    patches.setField(TableLayout.RUN_ID, info.runId());
    return patches;
  }

  Record encode(RejectedRow row) {
    rejected.setField(TableLayout.PATH, row.file().path());
    rejected.setField(TableLayout.SOURCE_ROOT, row.file().sourceRoot());
    rejected.setField(TableLayout.SOURCE_SIZE, row.file().size());
    rejected.setField(TableLayout.SOURCE_MODIFIED, time(row.file().modified()));
    rejected.setField(TableLayout.IMAGE_ID, row.imageId());
    rejected.setField(TableLayout.REASON, row.reason());
    rejected.setField(TableLayout.DETAIL, row.detail());
    rejected.setField(TableLayout.DUPLICATE_OF, row.duplicateOf());
    rejected.setField(TableLayout.RUN_ID, runId);
    return rejected;
  }

  private static OffsetDateTime time(long millis) {
    return OffsetDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }
}
