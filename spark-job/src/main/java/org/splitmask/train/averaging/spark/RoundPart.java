/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Which part of which worker's result it is: its report, or a segment of its state. Parts of one
 * kind come together in one partition, in the order of workers.
 *
 * @param segment from 0, or {@link #REPORT}
 */
record RoundPart(int segment, int worker) implements Serializable {
  static final int REPORT = -1;

  /** The partition of all reports. */
  static final int REPORTS = 0;

  /** The partition of a segment. */
  static int partition(int segment) {
    return segment + 1;
  }

  /** The order within a partition. */
  static final class ByWorker implements Comparator<RoundPart>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(RoundPart a, RoundPart b) {
      return Integer.compare(a.worker, b.worker);
    }
  }

  /** One partition for the reports, and one for each segment. */
  static final class BySegment extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int segments;

    BySegment(int segments) {
      this.segments = segments;
    }

    @Override
    public int numPartitions() {
      return segments + 1;
    }

    @Override
    public int getPartition(Object key) {
      return partition(((RoundPart) key).segment);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySegment partitioner && partitioner.segments == segments;
    }

    @Override
    public int hashCode() {
      return segments;
    }
  }
}
