/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.io.Serializable;
import java.util.List;

/**
 * Where a run stands in its images. The lanes are what the workers of the current plan have still
 * to take in this epoch; with another number of workers the same places are dealt anew.
 *
 * @param epoch from 0
 * @param updates how many have been made, over all epochs
 * @param stepsLeft the steps that the lanes are planned for; 0 before an epoch's first
 * @param stepImages the most images of a worker's step in that plan
 * @param lanes by worker; empty before an epoch's first step
 */
public record Cursor(
    int epoch, long updates, int stepsLeft, int stepImages, List<List<Range>> lanes)
    implements Serializable {
  public Cursor {
    lanes = List.copyOf(lanes);
  }

  /** The beginning of a run. */
  public static Cursor start() {
    return startOf(0, 0);
  }

  static Cursor startOf(int epoch, long updates) {
    return new Cursor(epoch, updates, 0, 0, List.of());
  }

  /** The images that the lanes have left; 0 before an epoch's first step too. */
  int imagesLeft() {
    return lanes.stream().mapToInt(Range::length).sum();
  }
}
