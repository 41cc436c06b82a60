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
import org.splitmask.train.schedule.Range;

/**
 * Makes a worker's mini-batches on threads of its own, ahead of the steps that take them and in
 * their order. What is in them does not depend on the threads.
 */
public final class MiniBatchLoader {
  private static final long IDLE_SECONDS = 10;

  private final MiniBatchSettings settings;
  private final int ahead;
  private final ThreadPoolExecutor threads;
  private final Queue<MiniBatchAssembler> idle = new ConcurrentLinkedQueue<>();

  /**
   * A loader; its threads end by themselves when nothing has been asked for in a while.
   *
   * @param count of threads, and of mini-batches that are made ahead
   */
  public MiniBatchLoader(MiniBatchSettings settings, int count) {
    this.settings = settings;
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

  private MiniBatch make(Request request, TableRows rows) {
    MiniBatchAssembler assembler =
        Optional.ofNullable(idle.poll()).orElseGet(() -> new MiniBatchAssembler(settings));
    MiniBatch batch =
        assembler.assemble(rows.rows(request.epoch(), request.places()), request.epoch());
    idle.add(assembler);
    return batch;
  }

  /** Mini-batches that are being made. */
  public final class Batches implements AutoCloseable {
    private final Iterator<Request> requests;
    private final TableRows rows;
    private final Queue<Future<MiniBatch>> made = new ArrayDeque<>();

    private Batches(Iterator<Request> requests, TableRows rows) {
      this.requests = requests;
      this.rows = rows;
      for (int i = 0; i < ahead; i++) {
        makeAnother();
      }
    }

    /** The next mini-batch; waits until it is made, and fails as its making did. */
    public MiniBatch next() {
      Future<MiniBatch> next = made.poll();
      if (next == null) {
        throw new NoSuchElementException("all mini-batches have been taken");
      }
      try {
        MiniBatch batch = next.get();
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
