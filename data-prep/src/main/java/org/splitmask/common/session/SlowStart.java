/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Says, from time to time, what a start is waiting for, and gives it up in the end. On YARN a full
 * queue lets an application wait without end, and nobody else says so: Spark does at a level that
 * is not shown.
 */
final class SlowStart {
  private SlowStart() {}

  /**
   * What a start gives, watched while it lasts.
   *
   * @param master Spark's cluster manager
   * @param patience how long nothing is said, at first and between two lines
   * @param most how long a start may take
   * @throws SplitMaskException blaming the cluster when it took longer; the start was interrupted
   */
  static <T> T watched(
      String master, Duration patience, Duration most, Consumer<String> tell, Supplier<T> start) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "slow start");
              thread.setDaemon(true);
              return thread;
            });
    AtomicLong times = new AtomicLong();
    ScheduledFuture<?> telling =
        timer.scheduleAtFixedRate(
            () -> tell.accept(message(master, times.incrementAndGet() * patience.toSeconds())),
            patience.toMillis(),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
    Thread starter = Thread.currentThread();
    AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);
    ScheduledFuture<?> ending =
        timer.schedule(
            () -> {
              if (stage.compareAndSet(Stage.STARTING, Stage.GIVEN_UP)) {
                starter.interrupt();
              }
            },
            most.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      T started = start.get();
      if (!stage.compareAndSet(Stage.STARTING, Stage.STARTED)) {
        Thread.interrupted(); // it came in the last moment, and found nobody waiting
      }
      return started;
    } catch (Throwable failure) {
      if (stage.get() == Stage.GIVEN_UP) {
        Thread.interrupted();
        throw new SplitMaskException(
            Blame.CLUSTER,
            message(master, most.toSeconds())
                + ". That is as long as "
                + SparkSessions.START_TIMEOUT
                + " says; run again later",
            failure);
      }
      throw failure;
    } finally {
      telling.cancel(false);
      ending.cancel(false);
      timer.shutdownNow();
    }
  }

  private enum Stage {
    STARTING,
    STARTED,
    GIVEN_UP
  }

  static String message(String master, long seconds) {
    String waiting =
        String.format(Locale.ROOT, "%s has not started the application for %d s", master, seconds);
    return master.equals("yarn")
        ? waiting
            + "; its queue may be full, or no node has room for a container. See yarn application"
            + " -list -appStates ACCEPTED; choose another --queue, or ask for less"
            + " (--executor-memory, --num-executors)"
        : waiting + "; check whether the cluster manager can be reached from here";
  }
}
