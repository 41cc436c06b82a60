/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

/** The names in the two Iceberg tables: their columns, and the keys of their properties. */
public final class TableLayout {
  /** Raised whenever a reader of the older version would misread the newer table. */
  public static final int VERSION = 2;

  public static final String IMAGE_ID = "image_id";
  public static final String PATH = "path";
  public static final String LABEL = "label";
  public static final String SPLIT = "split";
  public static final String SOURCE_SIZE = "source_size";
  public static final String SOURCE_MODIFIED = "source_modified";
  public static final String FORMAT = "format";
  public static final String ORIGINAL_WIDTH = "original_width";
  public static final String ORIGINAL_HEIGHT = "original_height";
  public static final String IMAGE_SIZE = "image_size";
  public static final String PATCH_SIZE = "patch_size";
  public static final String CHANNELS = "channels";
  public static final String PATCHES = "patches";
  public static final String RUN_ID = "run_id";
  public static final String SOURCE_ROOT = "source_root";
  public static final String COLOUR_PROFILE = "colour_profile";
  public static final String REASON = "reason";
  public static final String DETAIL = "detail";
  public static final String DUPLICATE_OF = "duplicate_of";

  /** Keys of table properties and of snapshot summaries. */
  public static final String PREFIX = "splitmask.";

  public static final String RUN_ID_KEY = PREFIX + "run-id";
  public static final String SCHEMA_VERSION_KEY = PREFIX + "schema-version";
  public static final String FINGERPRINT_KEY = PREFIX + "fingerprint";
  public static final String CONFIGURATION_PREFIX = PREFIX + "config.";
  public static final String IMAGE_SIZE_KEY = PREFIX + "image-size";
  public static final String PATCH_SIZE_KEY = PREFIX + "patch-size";
  public static final String CHANNELS_KEY = PREFIX + "channels";

  private TableLayout() {}
}
