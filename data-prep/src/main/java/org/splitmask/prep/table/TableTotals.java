/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts and pixel sums of a set of rows, in whole numbers: those of a table after a run are those
 * before it, less what was taken out, plus what was put in, exactly.
 */
public final class TableTotals implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<Split, Long> images = new EnumMap<>(Split.class);
  private final PixelSums trainPixels;

  TableTotals(PixelSums trainPixels) {
    this.trainPixels = trainPixels;
  }

  /** Of no rows. */
  public static TableTotals none(int channels) {
    return new TableTotals(new PixelSums(channels));
  }

  /** Adds one picture; the pixels of other splits than train do not count. */
  public void add(Split split, byte[] patches) {
    images.merge(split, 1L, Long::sum);
    if (split == Split.TRAIN) {
      trainPixels.add(patches);
    }
  }

  void addImages(Split split, long count) {
    images.merge(split, count, Long::sum);
  }

  /** Adds those of other rows. */
  public void add(TableTotals other) {
    other.images.forEach((split, count) -> images.merge(split, count, Long::sum));
    trainPixels.add(other.trainPixels);
  }

  /** Takes those of other rows away. */
  public void subtract(TableTotals other) {
    other.images.forEach((split, count) -> images.merge(split, -count, Long::sum));
    trainPixels.subtract(other.trainPixels);
  }

  PixelSums trainPixels() {
    return trainPixels;
  }

  long images(Split split) {
    return images.getOrDefault(split, 0L);
  }

  /** The entries of a snapshot's summary, without the common prefix. */
  public Map<String, String> summary() {
    return SnapshotSummary.of(this);
  }

  /** What they say, as people and training want it. */
  public TableStatistics statistics() {
    Map<Split, Long> all = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      all.put(split, images(split));
    }
    return new TableStatistics(all, trainPixels.mean(), trainPixels.std());
  }
}
