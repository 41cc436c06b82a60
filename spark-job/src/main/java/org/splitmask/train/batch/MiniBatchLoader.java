/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.splitmask.train.schedule.Range;

/**
 * Makes a worker's mini-batches on threads of its own, ahead of the steps that take them and in
 * their order. What is in them does not depend on the threads.
 */
public final class MiniBatchLoader<B extends MiniBatch> implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final Supplier<MiniBatchAssembler<B>> newAssembler;
  private final int ahead;
  private final ThreadPoolExecutor threads;
  private final Queue<MiniBatchAssembler<B>> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * A loader; its threads end by themselves when nothing has been asked for in a while.
   *
   * @param newAssembler makes one for each thread
   * @param count of threads, and of mini-batches that are made ahead
   */
  public MiniBatchLoader(Supplier<MiniBatchAssembler<B>> newAssembler, int count) {
    this.newAssembler = newAssembler;
    this.ahead = count;
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "splitmask-loader");
              thread.setDaemon(true);
              return thread;
            });
    this.threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Which images a mini-batch has.
   *
   * @param epoch from 0
   * @param places in the epoch's order
   */
  public record Request(int epoch, List<Range> places) {
    public Request {
      places = List.copyOf(places);
    }
  }

  /** The mini-batches of these requests, one after the other. Close it when done with them. */
  public Batches load(List<Request> requests, TableRows rows) {
    return new Batches(requests.iterator(), rows);
  }

  private B make(Request request, TableRows rows) {
    MiniBatchAssembler<B> assembler = Optional.ofNullable(idle.poll()).orElseGet(newAssembler);
    B batch = assembler.assemble(rows.rows(request.epoch(), request.places()), request.epoch());
    idle.add(assembler);
    if (closed) {
      closeIdle();
    }
    return batch;
  }

  private void closeIdle() {
    for (MiniBatchAssembler<B> left = idle.poll(); left != null; left = idle.poll()) {
      left.close();
    }
  }

  /** Ends the threads and frees what they used, once the mini-batches under way are made. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    closeIdle();
  }

  /** Mini-batches that are being made. */
  public final class Batches implements AutoCloseable {
    private final Iterator<Request> requests;
    private final TableRows rows;
    private final Queue<Future<B>> made = new ArrayDeque<>();

    private Batches(Iterator<Request> requests, TableRows rows) {
      this.requests = requests;
      this.rows = rows;
      for (int i = 0; i < ahead; i++) {
        makeAnother();
      }
    }

    /** The next mini-batch; waits until it is made, and fails as its making did. */
    public B next() {
      Future<B> next = made.poll();
      if (next == null) {
        throw new NoSuchElementException("all mini-batches have been taken");
      }
      try {
        B batch = next.get();
        makeAnother();
        return batch;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a mini-batch was being made", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException("a mini-batch could not be made", e.getCause());
      }
    }

    private void makeAnother() {
      if (requests.hasNext()) {
        Request request = requests.next();
        made.add(threads.submit(() -> make(request, rows)));
      }
    }

    /** Gives up what was not taken. */
    @Override
    public void close() {
      made.forEach(batch -> batch.cancel(false)); // an interrupt would close files under a reader
      made.clear();
    }
  }
}
