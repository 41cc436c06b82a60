/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.bench;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Looks every few milliseconds at what Spark's task threads in this process are doing, and the
 * threads that decode for them. A thread is seen where it next stops for the virtual machine, which
 * is near enough to tell stages apart.
 */
public final class TaskSampler implements AutoCloseable {
  private static final long MILLIS = 5;
  private static final String WORKERS = "Executor task launch worker";
  private static final String TASK = "org.apache.spark.executor.Executor$TaskRunner";

  /** A task that waits here has a thread of its own at work. */
  private static final String WAITING = "org.splitmask.prep.image.TimeLimit";

  private static final String DECODERS = "image-decoder";
  private static final String DECODING = "org.splitmask.prep.image.TimedBatch";

  private final LongSupplier nanoTime;
  private final Profile profile = new Profile();
  private final Thread thread;
  private volatile boolean running = true;

  /** Starts looking. */
  public TaskSampler(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::look, "task sampler");
    thread.setDaemon(true);
    thread.start();
  }

  /** What was seen; to be asked for once this is closed. */
  public Profile profile() {
    return profile;
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    long last = nanoTime.getAsLong();
    while (running) {
      try {
        Thread.sleep(MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      long now = nanoTime.getAsLong();
      for (Thread worker : workers()) {
        StackTraceElement[] stack = worker.getStackTrace();
        if (isAtWork(worker, stack)) {
          profile.add(stack, now - last);
        }
      }
      last = now;
    }
  }

  private static boolean isAtWork(Thread thread, StackTraceElement[] stack) {
    return thread.getName().startsWith(DECODERS)
        ? contains(stack, DECODING)
        : contains(stack, TASK) && !contains(stack, WAITING);
  }

  private static boolean contains(StackTraceElement[] stack, String type) {
    return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(type));
  }

  private static Thread[] workers() {
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent();
    }
    Thread[] threads = new Thread[2 * all.activeCount() + 1];
    int count = all.enumerate(threads);
    return Arrays.stream(threads, 0, count)
        .filter(
            thread -> thread.getName().startsWith(WORKERS) || thread.getName().startsWith(DECODERS))
        .toArray(Thread[]::new);
  }
}
