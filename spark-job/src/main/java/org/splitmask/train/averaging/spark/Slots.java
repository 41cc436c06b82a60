/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;

/** How many workers the executors can run at the same time. */
public final class Slots {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
  private static final long NANOS = 1_000_000_000L;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final IntSupplier count;
  private final LongSupplier nanoTime;
  private final Pause pause;

  /** Waits. */
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  Slots(IntSupplier count, LongSupplier nanoTime, Pause pause) {
    this.count = count;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** Those of a Spark application, by the cores and other resources that a task asks for. */
  public static Slots of(SparkContext spark, LongSupplier nanoTime) {
    // Spark asks this for its own barrier stages; it has no public form.
    return new Slots(
        () -> spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile()),
        nanoTime,
        time -> Thread.sleep(time.toMillis()));
  }

  /** The slots of the executors that are there now. */
  public int now() {
    return count.getAsInt();
  }

  /**
   * Waits for slots.
   *
   * @param least how many
   * @throws org.splitmask.common.failure.SplitMaskException blaming the cluster, when there are not
   *     so many in time
   */
  public void await(int least, int seconds) {
    long began = nanoTime.getAsLong();
    int there = now();
    if (there < least) {
      LOG.info("waiting up to {} s for {} slots; executors have {} now", seconds, least, there);
    }
    while (there < least) {
      Check.cluster(
          nanoTime.getAsLong() - began < seconds * NANOS,
          "after %d s the executors have %d slots, min-workers asks for %d; ask for more executors"
              + " or cores, lower min-workers, or raise min-workers-seconds",
          seconds,
          there,
          least);
      sleep();
      there = now();
    }
  }

  private void sleep() {
    try {
      pause.pause(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for executors", e);
    }
  }
}
