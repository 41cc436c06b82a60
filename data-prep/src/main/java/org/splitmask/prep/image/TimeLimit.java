/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.splitmask.prep.image.DecodeResult.Refused;

/**
 * Runs work for a limited time. Native code cannot be stopped: work that takes too long is left to
 * itself on its daemon thread, and the next piece of work gets a new one.
 */
final class TimeLimit {
  private static final int IDLE_SECONDS = 5;

  private final Duration most;
  private ThreadPoolExecutor helper = newHelper();

  TimeLimit(Duration most) {
    this.most = most;
  }

  DecodeResult run(Callable<DecodeResult> work) {
    Future<DecodeResult> result = helper.submit(work);
    try {
      return result.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      abandon(result);
      String detail = "not decoded within max-seconds, " + most.toMillis() / 1000.0;
      return new Refused(RejectionReason.TIMEOUT, detail);
    } catch (InterruptedException e) {
      abandon(result);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while a picture was decoded");
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private void abandon(Future<DecodeResult> result) {
    result.cancel(true);
    helper.shutdown();
    helper = newHelper();
  }

  /** The decoder turns what files can cause into results: what arrives here is no file's fault. */
  private static RuntimeException unwrapped(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException exception ? exception : new IllegalStateException(e);
  }

  /** One thread, which ends by itself when it is idle: nobody has to close a decoder. */
  private static ThreadPoolExecutor newHelper() {
    ThreadPoolExecutor helper =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "image-decoder");
              thread.setDaemon(true);
              return thread;
            });
    helper.allowCoreThreadTimeOut(true);
    return helper;
  }
}
