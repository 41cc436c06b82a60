/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.train.averaging.Quorum;
import org.splitmask.train.averaging.spark.Slots.Pause;

/** Waits for enough of the workers of a round, and gives the others up. */
final class OnTime {
  private static final Logger LOG = LoggerFactory.getLogger(OnTime.class);
  private static final long NANOS = 1_000_000_000L;
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Quorum quorum;
  private final LongSupplier nanoTime;
  private final Pause pause;

  OnTime(Quorum quorum, LongSupplier nanoTime, Pause pause) {
    this.quorum = quorum;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /**
   * Waits.
   *
   * @param workers the job of each; none of them runs afterwards
   * @return the numbers of those that are late
   */
  Set<Integer> late(List<? extends Future<?>> workers) {
    try {
      Set<Integer> late = waitForEnough(workers);
      if (!late.isEmpty()) {
        LOG.warn(
            "workers {} were not waited for any longer, {} s after {} of {} were done; their"
                + " images are dealt again",
            late,
            quorum.stragglerSeconds(),
            quorum.least(workers.size()),
            workers.size());
      }
      return late;
    } finally {
      workers.forEach(worker -> worker.cancel(true));
    }
  }

  private Set<Integer> waitForEnough(List<? extends Future<?>> workers) {
    int least = quorum.least(workers.size());
    List<Integer> running = new ArrayList<>();
    for (int worker = 0; worker < workers.size(); worker++) {
      running.add(worker);
    }
    long enoughSince = Long.MIN_VALUE;
    boolean isEnough = false;
    while (true) {
      running.removeIf(worker -> isDone(workers.get(worker)));
      if (!isEnough && workers.size() - running.size() >= least) {
        isEnough = true;
        enoughSince = nanoTime.getAsLong();
      }
      boolean isOver =
          isEnough && nanoTime.getAsLong() - enoughSince >= quorum.stragglerSeconds() * NANOS;
      if (running.isEmpty() || isOver) {
        return new TreeSet<>(running);
      }
      pause();
    }
  }

  /** Whether a worker came to its end; throws what Spark threw where it failed. */
  private static boolean isDone(Future<?> worker) {
    if (!worker.isDone()) {
      return false;
    }
    try {
      worker.get();
      return true;
    } catch (ExecutionException e) {
      throw OnTime.<RuntimeException>unchecked(Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void pause() {
    try {
      pause.pause(LOOK);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for workers", e);
  }

  /** As it is: Spark's own exceptions are checked, and its other calls do not declare them. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
