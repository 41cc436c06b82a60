/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import org.apache.spark.SparkConf;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Whether an executor's container has room for what its workers hold outside of the heap. YARN and
 * Kubernetes kill a container that grows too large, in mid-round and without a word of the reason;
 * what the arrays of a worker take is known before.
 */
final class ContainerMemory {
  private static final long MEGABYTE = 1L << 20;

  /** Spark's own for what is outside of the heap: a tenth of it, and at least so much. */
  private static final long LEAST_OVERHEAD = 384 * MEGABYTE;

  private static final double OVERHEAD_SHARE = 0.1;

  /** What a JVM takes beside its heap without any worker: classes, code, threads, buffers. */
  private static final long JVM = 256 * MEGABYTE;

  private ContainerMemory() {}

  /**
   * Refuses executors that are too small, with the setting to paste.
   *
   * @param workers of the run, of which an executor gets no more than it has slots
   * @param bytesOfAWorker outside of the heap
   */
  static void check(SparkConf conf, int workers, long bytesOfAWorker) {
    String master = conf.get("spark.master", "");
    if (!master.equals("yarn") && !master.startsWith("k8s")) {
      return; // no other bounds an executor's memory
    }
    int slots =
        Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
    int together = Math.min(slots, workers);
    long needed = megabytesFor(together, bytesOfAWorker) * MEGABYTE;
    long overhead = overhead(conf);
    if (needed > overhead) {
      throw Check.failure(
          Blame.USER,
          "an executor has %d MB outside of its heap, but %d of its workers together hold %d MB"
              + " there, and Java %d MB; give it more: --conf spark.executor.memoryOverhead=%dm"
              + " (or lower batch-size, or run fewer workers in an executor)",
          overhead / MEGABYTE,
          together,
          together * bytesOfAWorker / MEGABYTE,
          JVM / MEGABYTE,
          needed / MEGABYTE);
    }
  }

  /** What spark.executor.memoryOverhead has to be, in Spark's megabytes of 2^20 bytes. */
  static long megabytesFor(int workersInAnExecutor, long bytesOfAWorker) {
    return (JVM + workersInAnExecutor * bytesOfAWorker + MEGABYTE - 1) / MEGABYTE;
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
