/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;
import org.splitmask.prep.source.item.SourceItem;

/** The order in which items are best read: container by container, front to back. */
record ReadKey(String container, long position) implements Comparable<ReadKey>, Serializable {
  private static final Comparator<ReadKey> ORDER =
      Comparator.comparing(ReadKey::container).thenComparingLong(ReadKey::position);

  static ReadKey of(SourceItem item) {
    return new ReadKey(item.container(), item.position());
  }

  @Override
  public int compareTo(ReadKey other) {
    return ORDER.compare(this, other);
  }

  /** A container is read by one task. */
  static final class ByContainer extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    ByContainer(int partitions) {
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object key) {
      return Math.floorMod(((ReadKey) key).container().hashCode(), partitions);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByContainer same && same.partitions == partitions;
    }

    @Override
    public int hashCode() {
      return partitions;
    }
  }
}
