/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.bench;

import java.util.List;

/** Figures of runs. */
public final class Rate {
  private Rate() {}

  /** The one in the middle; of an even number the mean of the two. */
  public static double median(List<Double> runs) {
    List<Double> sorted = runs.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** To three digits behind the point. */
  public static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }
}
