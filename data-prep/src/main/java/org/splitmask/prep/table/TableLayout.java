/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.splitmask.prep.patch.PatchShape;

/** The two Iceberg tables: columns, partitioning, properties and the names of all of them. */
final class TableLayout {
  /** Raised whenever a reader of the older version would misread the newer table. */
  static final int VERSION = 2;

  static final String PATCHES_TABLE = "patches";
  static final String REJECTED_TABLE = "rejected";

  static final String IMAGE_ID = "image_id";
  static final String PATH = "path";
  static final String LABEL = "label";
  static final String SPLIT = "split";
  static final String SOURCE_SIZE = "source_size";
  static final String SOURCE_MODIFIED = "source_modified";
  static final String FORMAT = "format";
  static final String ORIGINAL_WIDTH = "original_width";
  static final String ORIGINAL_HEIGHT = "original_height";
  static final String IMAGE_SIZE = "image_size";
  static final String PATCH_SIZE = "patch_size";
  static final String CHANNELS = "channels";
  static final String PATCHES = "patches";
  static final String RUN_ID = "run_id";
  static final String SOURCE_ROOT = "source_root";
  static final String COLOUR_PROFILE = "colour_profile";
  static final String REASON = "reason";
  static final String DETAIL = "detail";
  static final String DUPLICATE_OF = "duplicate_of";

  static final Schema PATCHES_SCHEMA =
      new Schema(
          NestedField.required(1, IMAGE_ID, Types.StringType.get()),
          NestedField.required(2, PATH, Types.StringType.get()),
          NestedField.optional(3, LABEL, Types.StringType.get()),
          NestedField.required(4, SPLIT, Types.StringType.get()),
          NestedField.required(5, SOURCE_SIZE, Types.LongType.get()),
          NestedField.required(6, SOURCE_MODIFIED, Types.TimestampType.withZone()),
          NestedField.required(7, FORMAT, Types.StringType.get()),
          NestedField.required(8, ORIGINAL_WIDTH, Types.IntegerType.get()),
          NestedField.required(9, ORIGINAL_HEIGHT, Types.IntegerType.get()),
          NestedField.required(10, IMAGE_SIZE, Types.IntegerType.get()),
          NestedField.required(11, PATCH_SIZE, Types.IntegerType.get()),
          NestedField.required(12, CHANNELS, Types.IntegerType.get()),
          NestedField.required(13, PATCHES, Types.BinaryType.get()),
          NestedField.required(14, RUN_ID, Types.StringType.get()),
          NestedField.required(15, SOURCE_ROOT, Types.StringType.get()),
          NestedField.optional(16, COLOUR_PROFILE, Types.StringType.get()));

  static final Schema REJECTED_SCHEMA =
      new Schema(
          NestedField.required(1, PATH, Types.StringType.get()),
          NestedField.required(2, SOURCE_SIZE, Types.LongType.get()),
          NestedField.required(3, SOURCE_MODIFIED, Types.TimestampType.withZone()),
          NestedField.required(4, REASON, Types.StringType.get()),
          NestedField.optional(5, DETAIL, Types.StringType.get()),
          NestedField.optional(6, DUPLICATE_OF, Types.StringType.get()),
          NestedField.required(7, RUN_ID, Types.StringType.get()),
          NestedField.required(8, SOURCE_ROOT, Types.StringType.get()),
          NestedField.optional(9, IMAGE_ID, Types.StringType.get()));

  /** A training run reads whole row groups of one split (docs/adr/0003). */
  static final PartitionSpec PATCHES_SPEC =
      PartitionSpec.builderFor(PATCHES_SCHEMA).identity(SPLIT).build();

  /** Every run writes all rows anew that count with its snapshot (docs/adr/0007). */
  static final PartitionSpec REJECTED_SPEC =
      PartitionSpec.builderFor(REJECTED_SCHEMA).identity(RUN_ID).build();

  /** Keys of table properties and of snapshot summaries. */
  static final String PREFIX = "splitmask.";

  static final String SCHEMA_VERSION_KEY = PREFIX + "schema-version";
  static final String FINGERPRINT_KEY = PREFIX + "fingerprint";
  static final String CONFIGURATION_PREFIX = PREFIX + "config.";
  static final String IMAGE_SIZE_KEY = PREFIX + "image-size";
  static final String PATCH_SIZE_KEY = PREFIX + "patch-size";
  static final String CHANNELS_KEY = PREFIX + "channels";

  private static final int ROW_GROUP_BYTES = 8 << 20;
  private static final int PAGE_BYTES = 1 << 20;

  /**
   * Below level 1, zstd hardly looks for repetitions, of which photographs have few: 1.7 % larger,
   * written in three quarters of the time, read in less than half (docs/benchmarks.md).
   */
  private static final String FAST_COMPRESSION = "-2";

  private static final String OLD_METADATA_FILES = "20";

  private TableLayout() {}

  /** Whether a table property says how the rows were made. */
  static boolean isOfTheSettings(String property) {
    return property.startsWith(CONFIGURATION_PREFIX)
        || property.equals(FINGERPRINT_KEY)
        || property.equals(IMAGE_SIZE_KEY)
        || property.equals(PATCH_SIZE_KEY)
        || property.equals(CHANNELS_KEY);
  }

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
    properties.put(TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + PATCHES, "false");
    properties.put(TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX + PATCHES, "false");
    properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + PATCHES, "none");
    properties.put(IMAGE_SIZE_KEY, String.valueOf(shape.imageSize()));
    properties.put(PATCH_SIZE_KEY, String.valueOf(shape.patchSize()));
    properties.put(CHANNELS_KEY, String.valueOf(shape.channels()));
    properties.put(SCHEMA_VERSION_KEY, String.valueOf(VERSION));
    putMetadataLimits(properties);
    return properties;
  }

  /** Properties of {@code rejected}. */
  static Map<String, String> rejectedProperties() {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableProperties.FORMAT_VERSION, "2");
    properties.put(SCHEMA_VERSION_KEY, String.valueOf(VERSION));
    putMetadataLimits(properties);
    return properties;
  }

  /** Every commit writes a metadata file; nightly runs would leave them for ever. */
  private static void putMetadataLimits(Map<String, String> properties) {
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, OLD_METADATA_FILES);
  }
}
