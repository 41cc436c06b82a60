/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableLayout;

/**
 * How a table is prepared.
 *
 * @param shape of every row
 * @param configuration every key of prepare with its value
 * @param identity those keys that decide what the rows are
 * @param fingerprint of the identity
 */
public record TableIdentity(
    PatchShape shape,
    Map<String, String> configuration,
    Map<String, String> identity,
    String fingerprint) {
  public TableIdentity {
    configuration = Map.copyOf(configuration);
    identity = Map.copyOf(identity);
  }

  /** What the table remembers of it, as table properties. */
  Map<String, String> properties() {
    Map<String, String> properties = TableSchemas.patchesProperties(shape);
    properties.put(TableLayout.FINGERPRINT_KEY, fingerprint);
    configuration.forEach((k, v) -> properties.put(TableLayout.CONFIGURATION_PREFIX + k, v));
    identity.forEach((k, v) -> properties.put(TableLayout.CONFIGURATION_PREFIX + k, v));
    return properties;
  }

  /** What every snapshot remembers of it, without the common prefix of summaries. */
  Map<String, String> summary() {
    Map<String, String> summary = new TreeMap<>();
    String configuration = suffix(TableLayout.CONFIGURATION_PREFIX);
    identity.forEach((key, value) -> summary.put(configuration + key, value));
    summary.put(suffix(TableLayout.FINGERPRINT_KEY), fingerprint);
    summary.put(suffix(TableLayout.IMAGE_SIZE_KEY), String.valueOf(shape.imageSize()));
    summary.put(suffix(TableLayout.PATCH_SIZE_KEY), String.valueOf(shape.patchSize()));
    summary.put(suffix(TableLayout.CHANNELS_KEY), String.valueOf(shape.channels()));
    return summary;
  }

  /** Whether a table property says how the rows were made. */
  static boolean isSetting(String property) {
    return property.startsWith(TableLayout.CONFIGURATION_PREFIX)
        || property.equals(TableLayout.FINGERPRINT_KEY)
        || property.equals(TableLayout.IMAGE_SIZE_KEY)
        || property.equals(TableLayout.PATCH_SIZE_KEY)
        || property.equals(TableLayout.CHANNELS_KEY);
  }

  private static String suffix(String key) {
    return key.substring(TableLayout.PREFIX.length());
  }

  /** Refuses a table that was prepared otherwise, naming the keys. */
  void check(PatchTable existing) {
    if (existing.fingerprint().equals(fingerprint)) {
      return;
    }
    Map<String, String> there = existing.configuration();
    Map<String, String> differing = new TreeMap<>();
    for (String key : new TreeSet<>(identity.keySet())) {
      String now = identity.getOrDefault(key, "none");
      // A key that is newer than the table says nothing of its pixels: labels are brought up to
      // date without it.
      String before = there.getOrDefault(key, now);
      if (!before.equals(now)) {
        differing.put(key, before + ", now " + now);
      }
    }
    Check.that(
        differing.isEmpty(),
        "the table %s was prepared with other settings: %s; give the same settings, another"
            + " --output, or --rebuild to prepare all of it anew (the table is as it was)",
        existing.location(),
        differing);
  }
}
