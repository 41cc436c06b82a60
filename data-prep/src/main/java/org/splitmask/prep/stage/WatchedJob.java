/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.LongAccumulator;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.session.FigureSource;

/**
 * Runs jobs and shows how far they are, by what finished tasks have counted.
 *
 * @param task what is done, for people
 * @param unit what is counted
 * @param total how many there are
 * @param done how many finished tasks have done; retries count twice
 * @param figures what else is counted, by its name in Spark's metrics
 */
record WatchedJob(
    Console console,
    String task,
    String unit,
    long total,
    LongAccumulator done,
    Map<String, LongAccumulator> figures) {
  private static final int LOOK_EVERY_MILLIS = 500;

  WatchedJob(Console console, String task, String unit, long total, LongAccumulator done) {
    this(console, task, unit, total, done, Map.of());
  }

  /** The same with these figures in Spark's metrics. */
  WatchedJob showing(Map<String, LongAccumulator> counted) {
    return new WatchedJob(console, task, unit, total, done, counted);
  }

  <T> List<T> collect(JavaRDD<T> results) {
    describe(results);
    return await(results.collectAsync());
  }

  /** Computes no more than the first partition, and all that other stages give to it. */
  <T> List<T> first(JavaRDD<T> results) {
    describe(results);
    return await(results.takeAsync(1));
  }

  /** On Spark's pages. */
  private void describe(JavaRDD<?> results) {
    results
        .context()
        .setJobGroup(
            "prepare",
            String.format(Locale.ROOT, "prepare: %s, %,d %s", task, total, unit),
            /* interruptOnCancel= */ false);
  }

  private <T> List<T> await(JavaFutureAction<List<T>> job) {
    try {
      return total == 0 ? job.get() : watch(job);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SplitMaskException(Blame.CLUSTER, "interrupted while preparing", e);
    } catch (ExecutionException e) {
      throw SplitMaskException.root(e)
          .orElseGet(
              () -> new SplitMaskException(SplitMaskException.blameOf(e), PlainMessage.of(e), e));
    }
  }

  private <T> List<T> watch(JavaFutureAction<List<T>> job)
      throws InterruptedException, ExecutionException {
    try (Progress progress = console.progress(task, unit, total);
        FigureSource source = FigureSource.register("splitmask.prepare")) {
      source.set(task + "Total", total);
      source.set(task + "Done", 0);
      progress.at(0, "");
      while (true) {
        figures.forEach((name, count) -> source.set(name, count.value()));
        try {
          List<T> collected = job.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
          progress.at(total, "");
          return collected;
        } catch (TimeoutException stillRunning) {
          long sofar = Math.min(done.value(), total - 1);
          progress.at(sofar, "");
          source.set(task + "Done", sofar);
        }
      }
    }
  }
}
