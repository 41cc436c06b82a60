/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.splitmask.common.shuffle.KeyPartitioner;

/** Deals keys out by ranges of their hash; equal ranges are equal shares, so nothing is sampled. */
public final class HashRanges extends KeyPartitioner<FileKey> {
  private static final long serialVersionUID = 1L;
  private static final int DIGITS = 8;

  public HashRanges(int partitions) {
    super(partitions);
  }

  @Override
  protected int partitionOf(FileKey key) {
    long head = Long.parseLong(key.hash().substring(0, DIGITS), 16);
    return (int) ((head * numPartitions()) >>> (4 * DIGITS));
  }
}
