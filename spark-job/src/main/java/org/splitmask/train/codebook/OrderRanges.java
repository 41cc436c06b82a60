/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import org.apache.spark.Partitioner;

/** Deals a sample out by ranges of its hash: the same tasks get the same patches in every run. */
final class OrderRanges extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  OrderRanges(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return (int) Math.multiplyHigh((Long) key >>> 1, 2L * partitions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OrderRanges ranges && ranges.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
