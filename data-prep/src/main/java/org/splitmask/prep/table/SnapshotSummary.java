/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a commit writes into the snapshot's summary, and how it is read back. */
final class SnapshotSummary {
  static final String RUN_ID = "run-id";

  /** Iceberg's own entry. */
  static final String TOTAL_RECORDS = org.apache.iceberg.SnapshotSummary.TOTAL_RECORDS_PROP;

  private static final String IMAGES = "images.";
  private static final String PIXEL_MEAN = "pixel-mean";
  private static final String PIXEL_STD = "pixel-std";

  private SnapshotSummary() {}

  /** The entries for statistics, without the common prefix. */
  static Map<String, String> of(TableStatistics statistics) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      entries.put(IMAGES + split.word(), String.valueOf(statistics.images(split)));
    }
    entries.put(PIXEL_MEAN, print(statistics.pixelMean()));
    entries.put(PIXEL_STD, print(statistics.pixelStd()));
    return entries;
  }

  static TableStatistics statistics(Map<String, String> entries) {
    Map<Split, Long> images = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      images.put(split, Long.parseLong(entries.getOrDefault(IMAGES + split.word(), "0")));
    }
    return new TableStatistics(images, parse(entries, PIXEL_MEAN), parse(entries, PIXEL_STD));
  }

  /** Double.toString gives back the very double when it is parsed. */
  private static String print(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Double> parse(Map<String, String> entries, String key) {
    String text = entries.getOrDefault(key, "");
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Double::parseDouble).toList();
  }
}
