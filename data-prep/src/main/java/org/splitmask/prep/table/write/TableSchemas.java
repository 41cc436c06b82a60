/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.TableLayout;

/** How the two Iceberg tables are made: columns, partitioning, and how their files are written. */
final class TableSchemas {
  static final Schema PATCHES_SCHEMA =
      new Schema(
          NestedField.required(1, TableLayout.IMAGE_ID, Types.StringType.get()),
          NestedField.required(2, TableLayout.PATH, Types.StringType.get()),
          NestedField.optional(3, TableLayout.LABEL, Types.StringType.get()),
          NestedField.required(4, TableLayout.SPLIT, Types.StringType.get()),
          NestedField.required(5, TableLayout.SOURCE_SIZE, Types.LongType.get()),
          NestedField.required(6, TableLayout.SOURCE_MODIFIED, Types.TimestampType.withZone()),
          NestedField.required(7, TableLayout.FORMAT, Types.StringType.get()),
          NestedField.required(8, TableLayout.ORIGINAL_WIDTH, Types.IntegerType.get()),
          NestedField.required(9, TableLayout.ORIGINAL_HEIGHT, Types.IntegerType.get()),
          NestedField.required(10, TableLayout.IMAGE_SIZE, Types.IntegerType.get()),
          NestedField.required(11, TableLayout.PATCH_SIZE, Types.IntegerType.get()),
          NestedField.required(12, TableLayout.CHANNELS, Types.IntegerType.get()),
          NestedField.required(13, TableLayout.PATCHES, Types.BinaryType.get()),
          NestedField.required(14, TableLayout.RUN_ID, Types.StringType.get()),
          NestedField.required(15, TableLayout.SOURCE_ROOT, Types.StringType.get()),
          NestedField.optional(16, TableLayout.COLOUR_PROFILE, Types.StringType.get()));

  static final Schema REJECTED_SCHEMA =
      new Schema(
          NestedField.required(1, TableLayout.PATH, Types.StringType.get()),
          NestedField.required(2, TableLayout.SOURCE_SIZE, Types.LongType.get()),
          NestedField.required(3, TableLayout.SOURCE_MODIFIED, Types.TimestampType.withZone()),
          NestedField.required(4, TableLayout.REASON, Types.StringType.get()),
          NestedField.optional(5, TableLayout.DETAIL, Types.StringType.get()),
          NestedField.optional(6, TableLayout.DUPLICATE_OF, Types.StringType.get()),
          NestedField.required(7, TableLayout.RUN_ID, Types.StringType.get()),
          NestedField.required(8, TableLayout.SOURCE_ROOT, Types.StringType.get()),
          NestedField.optional(9, TableLayout.IMAGE_ID, Types.StringType.get()));

  /** A training run reads whole row groups of one split (docs/adr/0003). */
  static final PartitionSpec PATCHES_SPEC =
      PartitionSpec.builderFor(PATCHES_SCHEMA).identity(TableLayout.SPLIT).build();

  /** Every run writes all rows anew that count with its snapshot (docs/adr/0007). */
  static final PartitionSpec REJECTED_SPEC =
      PartitionSpec.builderFor(REJECTED_SCHEMA).identity(TableLayout.RUN_ID).build();

  private static final int ROW_GROUP_BYTES = 8 << 20;
  private static final int PAGE_BYTES = 1 << 20;

  /**
   * Below level 1, zstd hardly looks for repetitions, of which photographs have few: 1.7 % larger,
   * written in three quarters of the time, read in less than half (docs/benchmarks.md).
   */
  private static final String FAST_COMPRESSION = "-2";

  private static final String OLD_METADATA_FILES = "20";

  private TableSchemas() {}

  /** Properties of {@code patches} that say how files are written. */
  static Map<String, String> patchesProperties(PatchShape shape) {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableProperties.FORMAT_VERSION, "2");
    properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
    properties.put(TableProperties.PARQUET_COMPRESSION_LEVEL, FAST_COMPRESSION);
    properties.put(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, String.valueOf(ROW_GROUP_BYTES));
    // The default looks after 100 rows for the first time: 15 MB of 224-pixel pictures.
    properties.put(TableProperties.PARQUET_ROW_GROUP_CHECK_MIN_RECORD_COUNT, "8");
    properties.put(TableProperties.PARQUET_PAGE_SIZE_BYTES, String.valueOf(PAGE_BYTES));
    properties.put(
        TableProperties.PARQUET_PAGE_ROW_LIMIT,
        String.valueOf(Math.max(1, PAGE_BYTES / shape.bytes())));
    properties.put(
        TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + TableLayout.PATCHES, "false");
    properties.put(
        TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX + TableLayout.PATCHES, "false");
    properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + TableLayout.PATCHES, "none");
    properties.put(TableLayout.IMAGE_SIZE_KEY, String.valueOf(shape.imageSize()));
    properties.put(TableLayout.PATCH_SIZE_KEY, String.valueOf(shape.patchSize()));
    properties.put(TableLayout.CHANNELS_KEY, String.valueOf(shape.channels()));
    properties.put(TableLayout.SCHEMA_VERSION_KEY, String.valueOf(TableLayout.VERSION));
    putMetadataLimits(properties);
    return properties;
  }

  /** Properties of {@code rejected}. */
  static Map<String, String> rejectedProperties() {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableProperties.FORMAT_VERSION, "2");
    properties.put(TableLayout.SCHEMA_VERSION_KEY, String.valueOf(TableLayout.VERSION));
    putMetadataLimits(properties);
    return properties;
  }

  /** Every commit writes a metadata file; nightly runs would leave them for ever. */
  private static void putMetadataLimits(Map<String, String> properties) {
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, OLD_METADATA_FILES);
  }
}
