/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import org.splitmask.common.shuffle.KeyPartitioner;

/** Deals a sample out by ranges of its hash: the same tasks get the same patches in every run. */
final class OrderRanges extends KeyPartitioner<Long> {
  private static final long serialVersionUID = 1L;

  OrderRanges(int partitions) {
    super(partitions);
  }

  @Override
  protected int partitionOf(Long key) {
    return (int) Math.multiplyHigh(key >>> 1, 2L * numPartitions());
  }
}
