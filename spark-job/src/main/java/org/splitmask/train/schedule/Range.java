/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.splitmask.common.failure.Check;

/**
 * Consecutive places in an epoch's order of images.
 *
 * @param from the first
 * @param to behind the last
 */
public record Range(int from, int to) implements Serializable {
  public Range {
    Check.invariant(0 <= from && from <= to, "range [%d, %d)", from, to);
  }

  public int length() {
    return to - from;
  }

  /** The places in all of them. */
  public static int length(List<Range> ranges) {
    return ranges.stream().mapToInt(Range::length).sum();
  }

  /** The same places in their order, those that follow each other as one range. */
  static List<Range> merged(List<Range> ranges) {
    List<Range> merged = new ArrayList<>();
    for (Range range : ranges.stream().sorted(Comparator.comparingInt(Range::from)).toList()) {
      int last = merged.size() - 1;
      if (last >= 0 && merged.get(last).to == range.from) {
        merged.set(last, new Range(merged.get(last).from, range.to));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  /** The places [from, to) of the ranges' concatenation. */
  public static List<Range> slice(List<Range> ranges, int from, int to) {
    List<Range> slice = new ArrayList<>();
    int at = 0;
    for (Range range : ranges) {
      int start = Math.max(from, at);
      int end = Math.min(to, at + range.length());
      if (start < end) {
        slice.add(new Range(range.from + start - at, range.from + end - at));
      }
      at += range.length();
    }
    return slice;
  }
}
