/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.shuffle;

import org.apache.spark.Partitioner;
import org.jspecify.annotations.Nullable;

/**
 * Tells which partition a key goes to. Two of the same class with as many partitions are equal, so
 * Spark need not move what lies where it belongs.
 *
 * @param <K> what keys are
 */
public abstract class KeyPartitioner<K> extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  protected KeyPartitioner(int partitions) {
    this.partitions = partitions;
  }

  /** The partition of a key, from 0 to below {@link #numPartitions}. */
  protected abstract int partitionOf(K key);

  @Override
  public final int numPartitions() {
    return partitions;
  }

  @Override
  @SuppressWarnings("unchecked") // Spark's partitioners see keys as objects
  public final int getPartition(Object key) {
    return partitionOf((K) key);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof KeyPartitioner<?> same
        && same.getClass() == getClass()
        && same.partitions == partitions;
  }

  @Override
  public final int hashCode() {
    return partitions;
  }
}
