/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import java.util.Comparator;
import org.splitmask.common.shuffle.KeyPartitioner;
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
  static final class ByContainer extends KeyPartitioner<ReadKey> {
    private static final long serialVersionUID = 1L;

    ByContainer(int partitions) {
      super(partitions);
    }

    @Override
    protected int partitionOf(ReadKey key) {
      return Math.floorMod(key.container().hashCode(), numPartitions());
    }
  }
}
