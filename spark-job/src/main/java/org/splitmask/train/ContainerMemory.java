/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import org.apache.spark.SparkConf;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Whether executors have room for what their workers hold. A heap that is too small ends an
 * executor in mid-round; YARN and Kubernetes kill a container that grows too large outside of it,
 * without a word of the reason. What the arrays of a worker take is known before.
 */
final class ContainerMemory {
  private static final long MEGABYTE = WorkerMemory.MEGABYTE;

  /** Spark's own for what is outside of the heap: a tenth of it, and at least so much. */
  private static final long LEAST_OVERHEAD = 384 * MEGABYTE;

  private static final double OVERHEAD_SHARE = 0.1;

  private ContainerMemory() {}

  /**
   * Refuses executors that are too small, with the setting to paste.
   *
   * @param workers of the run, of which an executor gets no more than it has slots
   */
  static void check(SparkConf conf, int workers, WorkerMemory memory) {
    String master = conf.get("spark.master", "");
    if (master.startsWith("local") && !master.startsWith("local-cluster")) {
      return; // there are no executors
    }
    int slots =
        Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
    int together = Math.min(slots, workers);
    checkHeap(conf, together, memory);
    if (master.equals("yarn") || master.startsWith("k8s")) { // no other bounds what is outside
      checkOverhead(conf, together, memory);
    }
  }

  private static void checkHeap(SparkConf conf, int together, WorkerMemory memory) {
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g") * MEGABYTE;
    if (memory.leastHeap(together) > heap) {
      throw Check.failure(
          Blame.USER,
          "an executor has %d MB of heap, but %d of its workers together hold %d MB there, pictures"
              + " up to %d MB, and Spark 300 MB; give it more: --conf spark.executor.memory=%dm (or"
              + " lower cache-megabytes, or run fewer workers in an executor)",
          heap / MEGABYTE,
          together,
          together * (memory.state() + memory.travelling()) / MEGABYTE,
          memory.pictures() / MEGABYTE,
          WorkerMemory.megabytes(memory.goodHeap(together)));
    }
  }

  private static void checkOverhead(SparkConf conf, int together, WorkerMemory memory) {
    long overhead = overhead(conf);
    if (memory.overhead(together) > overhead) {
      throw Check.failure(
          Blame.USER,
          "an executor has %d MB outside of its heap, but %d of its workers together hold %d MB"
              + " there, and Java %d MB; give it more: --conf spark.executor.memoryOverhead=%dm"
              + " (or lower batch-size, or run fewer workers in an executor)",
          overhead / MEGABYTE,
          together,
          together * memory.outside() / MEGABYTE,
          WorkerMemory.JVM / MEGABYTE,
          WorkerMemory.megabytes(memory.overhead(together)));
    }
  }

  private static long overhead(SparkConf conf) {
    if (conf.contains("spark.executor.memoryOverhead")) {
      return conf.getSizeAsMb("spark.executor.memoryOverhead") * MEGABYTE;
    }
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g") * MEGABYTE;
    double share = conf.getDouble("spark.executor.memoryOverheadFactor", OVERHEAD_SHARE);
    return Math.max(LEAST_OVERHEAD, (long) (heap * share));
  }
}
