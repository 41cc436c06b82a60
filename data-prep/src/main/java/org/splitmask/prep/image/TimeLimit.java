/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;

/**
 * Runs pieces of work, each for a limited time. Native code cannot be stopped: work that takes too
 * long is left to itself on its daemon thread, and what comes behind it gets a new one.
 */
final class TimeLimit {
  private static final int IDLE_SECONDS = 5;

  private final Duration most;
  private ThreadPoolExecutor helper = newHelper();

  TimeLimit(Duration most) {
    this.most = most;
  }

  /**
   * Runs one after another. Handing work to another thread and waking up again costs a tenth of a
   * small picture's decoding: it is done once for all of them.
   *
   * @return a result for each
   */
  List<DecodeResult> run(List<Callable<DecodeResult>> work) {
    List<DecodeResult> results = new ArrayList<>(work.size());
    while (results.size() < work.size()) {
      TimedBatch batch = new TimedBatch(work.subList(results.size(), work.size()));
      helper.execute(batch);
      boolean ended = await(batch);
      results.addAll(batch.results());
      if (!ended) {
        replaceHelper();
        String detail = "not decoded within max-seconds, " + most.toMillis() / 1000.0;
        results.add(new Refused(RejectionReason.TIMEOUT, detail));
      }
    }
    return results;
  }

  private boolean await(TimedBatch batch) {
    try {
      return batch.await(most);
    } catch (InterruptedException e) {
      replaceHelper();
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while a picture was decoded");
    }
  }

  private void replaceHelper() {
    helper.shutdownNow();
    helper = newHelper();
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
