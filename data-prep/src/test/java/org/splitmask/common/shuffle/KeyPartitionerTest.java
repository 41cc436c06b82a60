/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Spark shuffles again what two unequal partitioners have dealt out. */
class KeyPartitionerTest {
  @Test
  void partitionersOfOneClassWithAsManyPartitionsAreEqual() {
    ByLength seven = new ByLength(7);

    assertThat(seven.numPartitions()).isEqualTo(7);
    assertThat(seven.getPartition("splitmask")).isEqualTo(2);
    assertThat(seven).isEqualTo(new ByLength(7)).hasSameHashCodeAs(new ByLength(7));
    assertThat(seven).isNotEqualTo(new ByLength(8)).isNotEqualTo(new Object());
  }

  @Test
  void partitionersOfTwoClassesAreNot() {
    assertThat(new ByLength(7)).isNotEqualTo(new ByFirst(7));
  }

  private static final class ByLength extends KeyPartitioner<String> {
    private static final long serialVersionUID = 1L;

    ByLength(int partitions) {
      super(partitions);
    }

    @Override
    protected int partitionOf(String key) {
      return key.length() % numPartitions();
    }
  }

  private static final class ByFirst extends KeyPartitioner<String> {
    private static final long serialVersionUID = 1L;

    ByFirst(int partitions) {
      super(partitions);
    }

    @Override
    protected int partitionOf(String key) {
      return key.charAt(0) % numPartitions();
    }
  }
}
