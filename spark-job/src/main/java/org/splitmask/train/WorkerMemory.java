/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.List;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.state.Segments;

/**
 * What training holds in an executor's process, in bytes, as far as it is known before.
 *
 * @param state on the heap, for each worker that runs there at once: parameters, moments, gradient
 * @param travelling on the heap, for each worker: the parts of results that are averaged
 * @param pictures on the heap, for all of them together: row groups that were read
 * @param outside of the heap, for each worker: the arrays of a step
 * @param card of the memory of a GPU, for each worker; 0 where none is used
 */
record WorkerMemory(long state, long travelling, long pictures, long outside, long card) {
  static final long MEGABYTE = 1L << 20;

  /** What Spark keeps for itself of every heap (its RESERVED_SYSTEM_MEMORY_BYTES). */
  private static final long SPARK = 300 * MEGABYTE;

  /**
   * Segments that a task holds while it averages: those of four workers, their sums in double, and
   * what arrives and leaves as bytes.
   */
  private static final int SEGMENTS = 8;

  /** What a JVM takes beside its heap without any worker: classes, code, threads, buffers. */
  static final long JVM = 256 * MEGABYTE;

  /**
   * Of a run.
   *
   * @param groups of the train split
   * @param images of a mini-batch, at most
   */
  static <B extends MiniBatch> WorkerMemory of(
      TrainerSettings<B> settings, List<RowGroup> groups, int images) {
    long table = groups.stream().mapToLong(RowGroup::bytes).sum();
    int parameters = settings.task().layout().length();
    int segment = Math.min(parameters, Segments.SIZE);
    return new WorkerMemory(
        settings.engine().heapBytes(parameters, settings.optimisation().batchesPerUpdate()),
        SEGMENTS * Moments.AVERAGE.travellingBytes(segment),
        Math.min(settings.loading().cacheBytes(), table),
        settings.engine().outsideBytes(settings.task(), images),
        settings.engine().cardBytes(settings.task(), images));
  }

  /** The heap that an executor needs at least; below it, it would fail in mid-round. */
  long leastHeap(int workers) {
    return SPARK + workers * (state + travelling) + pictures;
  }

  /**
   * The heap to give to an executor: half as much again, for what Spark caches of the state, and so
   * that the garbage collector has room.
   */
  long goodHeap(int workers) {
    return leastHeap(workers) * 3 / 2;
  }

  /** What an executor needs outside of its heap. */
  long overhead(int workers) {
    return JVM + workers * outside;
  }

  /** Whole megabytes of 2^20 bytes, rounded up, as Spark's settings count. */
  static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}
