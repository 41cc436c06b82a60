/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.SplitMaskException;

class ContainerMemoryTest {
  private static final long MEGABYTE = 1L << 20;

  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  private static WorkerMemory outside(long bytes) {
    return new WorkerMemory(0, 0, 0, bytes, 0);
  }

  @Test
  void sparksDefaultOf384MegabytesHoldsASmallWorker() {
    SparkConf conf = conf("yarn");

    assertThatCode(() -> ContainerMemory.check(conf, 2, outside(128 * MEGABYTE)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> ContainerMemory.check(conf, 2, outside(129 * MEGABYTE)))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("has 384 MB")
        .hasMessageContaining("1 of its workers together hold 129 MB")
        .hasMessageContaining("--conf spark.executor.memoryOverhead=385m");
  }

  @Test
  void whatTheMessageTellsToPasteSuffices() {
    SparkConf conf = conf("k8s://https://host:443").set("spark.executor.cores", "4");
    long worker = 700 * MEGABYTE + 1;
    assertThatThrownBy(() -> ContainerMemory.check(conf, 8, outside(worker)))
        .satisfies(
            e -> {
              Matcher setting = Pattern.compile("--conf (\\S+)=(\\S+)").matcher(e.getMessage());
              setting.find();
              conf.set(setting.group(1), setting.group(2));
            });

    assertThatCode(() -> ContainerMemory.check(conf, 8, outside(worker)))
        .doesNotThrowAnyException();
  }

  @Test
  void workersThatRunOneAfterTheOtherDoNotAddUp() {
    SparkConf conf = conf("yarn").set("spark.executor.cores", "4").set("spark.task.cpus", "4");

    assertThatCode(() -> ContainerMemory.check(conf, 8, outside(128 * MEGABYTE)))
        .doesNotThrowAnyException();
    conf.set("spark.task.cpus", "2");
    assertThatThrownBy(() -> ContainerMemory.check(conf, 8, outside(128 * MEGABYTE)))
        .hasMessageContaining("2 of its workers");
    assertThatCode(() -> ContainerMemory.check(conf, 1, outside(128 * MEGABYTE)))
        .doesNotThrowAnyException();
  }

  @Test
  void aLargeHeapHasItsShare() {
    SparkConf conf = conf("yarn").set("spark.executor.memory", "20g");

    assertThatCode(() -> ContainerMemory.check(conf, 1, outside(1792 * MEGABYTE)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> ContainerMemory.check(conf, 1, outside(1793 * MEGABYTE)))
        .hasMessageContaining("has 2048 MB");
  }

  /** On every manager: the heap of a JVM is its own bound. */
  @ParameterizedTest
  @ValueSource(strings = {"yarn", "spark://host:7077", "local-cluster[2,1,1024]"})
  void aHeapThatCannotHoldItsWorkersIsRefused(String master) {
    SparkConf conf = conf(master).set("spark.executor.cores", "2");
    WorkerMemory memory = new WorkerMemory(200 * MEGABYTE, 100 * MEGABYTE, 124 * MEGABYTE, 1, 0);

    assertThatCode(() -> ContainerMemory.check(conf, 2, memory)).doesNotThrowAnyException();
    WorkerMemory larger =
        new WorkerMemory(200 * MEGABYTE + 1, 100 * MEGABYTE, 124 * MEGABYTE, 1, 0);
    assertThatThrownBy(() -> ContainerMemory.check(conf, 2, larger))
        .hasMessageContaining("has 1024 MB of heap")
        .hasMessageContaining("2 of its workers together hold 600 MB there")
        .hasMessageContaining("pictures up to 124 MB")
        .hasMessageContaining("--conf spark.executor.memory=1537m");
    conf.set("spark.executor.memory", "1537m");
    assertThatCode(() -> ContainerMemory.check(conf, 2, larger)).doesNotThrowAnyException();
  }

  @Test
  void otherManagersBoundNothingOutsideOfTheHeap() {
    for (String master : new String[] {"local[2]", "spark://host:7077"}) {
      assertThatCode(() -> ContainerMemory.check(conf(master), 8, outside(1L << 40)))
          .doesNotThrowAnyException();
    }
  }
}
