/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one caller's kernels. Kernels cut their work into parts by its shape, and never
 * add up across parts in an order of chance: the results are the same bits on any number of
 * threads. Native libraries are kept to one thread, which is a setting of the whole process;
 * callers that have threads of their own share the cores as the scheduler of the cluster gave them.
 * Who makes some closes them: each thread has buffers in native memory.
 */
public final class KernelThreads implements AutoCloseable {
  /** Threads that wait for work end at once; this is for a machine that stands still. */
  private static final long SECONDS_TO_END = 60;

  private static final Logger LOG = LoggerFactory.getLogger(KernelThreads.class);

  private final ForkJoinPool pool;

  /**
   * Threads that start when they are first needed and end when they have been idle for a while.
   *
   * @param threads at least 1; with 1, kernels run on the calling thread
   */
  public KernelThreads(int threads) {
    Nd4j.getBlasWrapper(); // loads the library before its threads are counted
    openblas_nolapack.blas_set_num_threads(1);
    Nd4j.getEnvironment().setMaxThreads(1);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    this.pool =
        new ForkJoinPool(
            threads,
            of -> {
              KernelThread thread = new KernelThread(of);
              thread.setName("splitmask-kernel-" + thread.getPoolIndex());
              thread.setContextClassLoader(classes); // under spark-submit, the application's
              return thread;
            },
            null,
            false);
  }

  /**
   * Does work whose kernels use these threads, and waits for it.
   *
   * @throws IllegalStateException if the waiting thread is interrupted, as Spark does with tasks
   *     that it ends; the work then goes on unobserved, and what it works on must not be used again
   */
  public <T> T call(Supplier<T> work) {
    boolean isInside = ForkJoinTask.getPool() == pool;
    if (pool.getParallelism() == 1 || isInside) {
      return work.get();
    }
    try {
      return pool.submit(work::get).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kernels were running", e);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static RuntimeException unwrapped(ExecutionException wrapper) {
    if (wrapper.getCause() instanceof Error error) {
      throw error;
    }
    return wrapper.getCause() instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(wrapper);
  }

  /**
   * Ends the threads, and frees the buffers that their kernels had; with one thread, those of the
   * calling thread. To be called when no kernel is running.
   */
  @Override
  public void close() {
    if (pool.getParallelism() == 1) {
      Scratch.ofThread().close();
    }
    pool.shutdown();
    try {
      if (!pool.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        LOG.warn("a kernel is still running; its buffers are freed when it ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A thread that frees its buffers when it ends, also when it has been idle for a while. */
  private static final class KernelThread extends ForkJoinWorkerThread {
    KernelThread(ForkJoinPool of) {
      super(of);
    }

    @Override
    protected void onTermination(@Nullable Throwable failure) {
      Scratch.ofThread().close();
      super.onTermination(failure);
    }
  }

  /** How many threads the kernels of the calling thread have. */
  public static int available() {
    return ForkJoinTask.inForkJoinPool() ? ForkJoinTask.getPool().getParallelism() : 1;
  }

  /** Calls {@code part} with 0 to count − 1, in any order, on the threads that there are. */
  public static void each(int count, IntConsumer part) {
    Blas.prepareThread();
    if (count == 1 || available() == 1) {
      for (int i = 0; i < count; i++) {
        part.accept(i);
      }
      return;
    }
    List<ForkJoinTask<?>> tasks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = i;
      tasks.add(
          ForkJoinTask.adapt(
              () -> {
                Blas.prepareThread();
                part.accept(index);
              }));
    }
    ForkJoinTask.invokeAll(tasks);
  }
}
