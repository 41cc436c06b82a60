/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.apache.spark.Partitioner;

/** Deals keys out by ranges of their hash; equal ranges are equal shares, so nothing is sampled. */
public final class HashRanges extends Partitioner {
  private static final long serialVersionUID = 1L;
  private static final int DIGITS = 8;

  private final int partitions;

  public HashRanges(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    long head = Long.parseLong(((FileKey) key).hash().substring(0, DIGITS), 16);
    return (int) ((head * partitions) >>> (4 * DIGITS));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HashRanges ranges && ranges.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
