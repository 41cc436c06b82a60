/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.util.LongAccumulator;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** Runs the job and shows how far it is, by what finished tasks have counted. */
record WatchedJob(Console console, long found, LongAccumulator hashed, LongAccumulator prepared) {
  private static final int LOOK_EVERY_MILLIS = 500;

  List<TaskOutcome> collect(JavaRDD<TaskOutcome> outcomes) {
    try (Progress progress = console.progress("preparing", "files", found)) {
      progress.at(0, "");
      JavaFutureAction<List<TaskOutcome>> job = outcomes.collectAsync();
      while (true) {
        try {
          List<TaskOutcome> collected = job.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
          progress.at(found, "");
          return collected;
        } catch (TimeoutException stillRunning) {
          long done = Math.min(prepared.value(), found - 1);
          progress.at(done, done == 0 ? hashed.value() + " hashed" : "");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SplitMaskException(Blame.CLUSTER, "interrupted while preparing", e);
    } catch (ExecutionException e) {
      throw SplitMaskException.root(e)
          .orElseGet(
              () ->
                  new SplitMaskException(
                      SplitMaskException.blameOf(e), "the Spark job failed: " + deepest(e), e));
    }
  }

  private static Throwable deepest(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }
}
