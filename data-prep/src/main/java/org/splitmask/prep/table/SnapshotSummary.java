/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;

/** What a commit writes into the snapshot's summary, and how it is read back. */
final class SnapshotSummary {
  static final String RUN_ID = TableLayout.RUN_ID_KEY.substring(TableLayout.PREFIX.length());

  private static final String IMAGES = "images.";
  private static final String PIXEL_SUMS = "pixel-sums";
  private static final String PIXEL_MEAN = "pixel-mean";
  private static final String PIXEL_STD = "pixel-std";

  private SnapshotSummary() {}

  /** The entries for the rows of a snapshot, without the common prefix. */
  static Map<String, String> of(TableTotals totals) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      entries.put(IMAGES + split.word(), String.valueOf(totals.images(split)));
    }
    // The sums, from which the next run goes on exactly; mean and deviation for people.
    entries.put(PIXEL_SUMS, totals.trainPixels().print());
    entries.put(PIXEL_MEAN, print(totals.trainPixels().mean()));
    entries.put(PIXEL_STD, print(totals.trainPixels().std()));
    return entries;
  }

  /** What prepare wrote into a snapshot's summary, without the common prefix; sorted. */
  static Map<String, String> ours(Snapshot snapshot) {
    Map<String, String> ours = new TreeMap<>();
    snapshot
        .summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith(TableLayout.PREFIX)) {
                ours.put(key.substring(TableLayout.PREFIX.length()), value);
              }
            });
    return ours;
  }

  static TableTotals totals(Map<String, String> entries) {
    TableTotals totals = new TableTotals(PixelSums.parse(entries.getOrDefault(PIXEL_SUMS, "0")));
    for (Split split : Split.values()) {
      totals.addImages(split, Long.parseLong(entries.getOrDefault(IMAGES + split.word(), "0")));
    }
    return totals;
  }

  private static String print(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
