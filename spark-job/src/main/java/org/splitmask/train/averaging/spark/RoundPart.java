/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.Comparator;
import org.splitmask.common.shuffle.KeyPartitioner;

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
  static final class BySegment extends KeyPartitioner<RoundPart> {
    private static final long serialVersionUID = 1L;

    BySegment(int segments) {
      super(segments + 1);
    }

    @Override
    protected int partitionOf(RoundPart key) {
      return partition(key.segment);
    }
  }
}
