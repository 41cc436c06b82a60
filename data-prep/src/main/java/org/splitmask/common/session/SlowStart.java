/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Says, from time to time, what a start is waiting for. On YARN a full queue lets an application
 * wait without end, and nobody else says so: Spark does at a level that is not shown.
 */
final class SlowStart {
  private SlowStart() {}

  /**
   * What a start gives, watched while it lasts.
   *
   * @param master Spark's cluster manager
   * @param patience how long nothing is said, at first and between two lines
   */
  static <T> T watched(String master, Duration patience, Consumer<String> tell, Supplier<T> start) {
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
    try {
      return start.get();
    } finally {
      telling.cancel(false);
      timer.shutdownNow();
    }
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
