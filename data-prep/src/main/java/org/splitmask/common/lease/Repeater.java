/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Does something again and again. */
@FunctionalInterface
public interface Repeater {
  /** Begins; the first time is after the pause. */
  Repetition every(Duration pause, Runnable task);

  /** Goes on until it is closed. */
  interface Repetition extends AutoCloseable {
    @Override
    void close();
  }

  /** On a daemon thread of that name. */
  static Repeater onThread(String name) {
    return (pause, task) -> {
      ScheduledExecutorService timer =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, name);
                thread.setDaemon(true);
                return thread;
              });
      ScheduledFuture<?> repeated =
          timer.scheduleWithFixedDelay(
              task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
      return () -> {
        repeated.cancel(true);
        timer.shutdownNow();
      };
    };
  }
}
