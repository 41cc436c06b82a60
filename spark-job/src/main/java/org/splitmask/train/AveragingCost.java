/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

/**
 * What a round costs beside its steps, on paper: every worker has an executor and a slot of its
 * own. The times of a byte were measured with 244 MB of state on two slots of one machine, where W
 * workers took 2.15 s + 0.58 s · W (docs/runs.md, "What averaging costs"); those of the network are
 * arithmetic.
 */
final class AveragingCost {
  /**
   * The driver's part: to serialise the state, to start a job for each segment of the mean, to read
   * it.
   */
  private static final double DRIVER_SECONDS_A_BYTE = 8.8e-9;

  /** A worker's part: to serialise its result, and to average as much of the others'. */
  private static final double WORKER_SECONDS_A_BYTE = 4.8e-9;

  /** Through a network of 10 Gbit/s. */
  private static final double NETWORK_SECONDS_A_BYTE = 8 / 10e9;

  /** The state to the executors, and the mean to the driver. */
  private static final int JOURNEYS_OF_STATE = 2;

  /** Into the shuffle, and out of it. */
  private static final int JOURNEYS_OF_RESULTS = 2;

  /** Two tasks that Spark starts, and a report that the driver reads. */
  private static final double SECONDS_A_WORKER = 0.01;

  /** Enough for Spark and a few segments. */
  private static final long LEAST_HEAP = 1L << 30;

  private static final long HEAP_OF_SPARK = 300_000_000;

  /** Measured with models of up to 337 million parameters (docs/runs.md, "A round's memory"). */
  private static final long HEAP_A_PARAMETER = 10;

  private AveragingCost() {}

  /**
   * Seconds of a round.
   *
   * @param executorBytes that travel to each executor
   * @param workerBytes that travel back from each worker
   */
  static double seconds(long executorBytes, long workerBytes, int workers) {
    double network =
        (JOURNEYS_OF_STATE * executorBytes + JOURNEYS_OF_RESULTS * workerBytes)
            * NETWORK_SECONDS_A_BYTE;
    // The time that rounding takes was not measured: a rounded result counts as a whole one does.
    return executorBytes * (DRIVER_SECONDS_A_BYTE + WORKER_SECONDS_A_BYTE)
        + network
        + workers * SECONDS_A_WORKER;
  }

  /** Bytes of heap that the driver needs; what is larger of the vectors lies in a scratch file. */
  static long driverHeap(int parameters) {
    return Math.max(LEAST_HEAP, HEAP_OF_SPARK + HEAP_A_PARAMETER * parameters);
  }
}
