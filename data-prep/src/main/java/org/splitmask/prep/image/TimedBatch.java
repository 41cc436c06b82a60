/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pieces of work in a row on one thread, watched by another, which may give up on them. */
final class TimedBatch implements Runnable {
  /** A piece may take longer than its limit by one part of so many, before that is noticed. */
  private static final int LOOKS = 8;

  private final List<Callable<DecodeResult>> work;
  private final @Nullable DecodeResult[] results;
  private final CountDownLatch end = new CountDownLatch(1);
  // Read after the end.
  private @Nullable Throwable failure;
  private volatile int completed;
  private volatile boolean abandoned;
  private int seen;

  TimedBatch(List<Callable<DecodeResult>> work) {
    this.work = work;
    this.results = new DecodeResult[work.size()];
  }

  @Override
  public void run() {
    try {
      for (int i = 0; i < results.length && !abandoned; i++) {
        results[i] = work.get(i).call();
        completed = i + 1;
      }
    } catch (Throwable e) {
      // The decoder turns what files can cause into results: what arrives here is no file's fault.
      failure = e;
    } finally {
      end.countDown();
    }
  }

  /**
   * Waits for the end, or until one piece has taken too long.
   *
   * @return whether all are done; if not, the rest is given up
   */
  boolean await(Duration most) throws InterruptedException {
    long look = Math.max(1, most.toNanos() / LOOKS);
    int looks = 0;
    try {
      while (!end.await(look, TimeUnit.NANOSECONDS)) {
        int now = completed;
        looks = now == seen ? looks + 1 : 0;
        seen = now;
        if (looks == LOOKS) {
          return false;
        }
      }
    } finally {
      abandoned = true;
    }
    throwFailure();
    seen = results.length;
    return true;
  }

  /** Once waiting has ended: what was done by then, in order. */
  List<DecodeResult> results() {
    return Arrays.asList(results).subList(0, seen);
  }

  private void throwFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
  }
}
