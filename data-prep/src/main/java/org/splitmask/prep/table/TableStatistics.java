/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot says about its rows.
 *
 * @param images pictures per split; every split is a key
 * @param pixelMean [C] mean of the train split's pixels divided by 255
 * @param pixelStd [C] their standard deviation, in the same unit
 */
public record TableStatistics(
    Map<Split, Long> images, List<Double> pixelMean, List<Double> pixelStd)
    implements Serializable {
  public TableStatistics {
    images = Map.copyOf(images);
    pixelMean = List.copyOf(pixelMean);
    pixelStd = List.copyOf(pixelStd);
  }

  /** Pictures of one split. */
  public long images(Split split) {
    return images.getOrDefault(split, 0L);
  }

  /** Pictures of all splits. */
  public long total() {
    return images.values().stream().mapToLong(Long::longValue).sum();
  }
}
