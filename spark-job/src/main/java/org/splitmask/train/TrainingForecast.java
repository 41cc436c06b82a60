/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.splitmask.train.checkpoint.Progress;
import org.splitmask.train.config.RunConfig;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.state.VectorStore.Vector;
import org.splitmask.train.task.LearningTask;

/**
 * What a run has before it, and what it will need, from its plan alone. Bytes are those of the
 * vectors: Spark compresses what it sends, which helps little with weights and much with zeros.
 *
 * @param round the last one of the newest checkpoint; 0 for a new run
 * @param roundsLeft after that
 * @param images of the train split
 * @param imagesLeft to be seen, over all epochs
 * @param parameters of the network
 * @param workerBytes outside of the heap of each worker
 * @param imagesPerSecond of all workers together; 0 if nothing tells
 */
record TrainingForecast(
    RunConfig run,
    int round,
    int roundsLeft,
    long images,
    long imagesLeft,
    int parameters,
    long workerBytes,
    double imagesPerSecond) {
  private static final int MEGABYTE = 1_000_000;

  /** θ and Adam's moments travel. */
  private static final int TRAVELLING_VECTORS = 3;

  /**
   * From a run's plan.
   *
   * @param images of the train split
   * @param outline the run's task; any vocabulary will do
   * @param progress of the run until now
   * @param imagesPerSecond of all workers together; 0 if nothing tells
   */
  static TrainingForecast of(
      RunConfig run,
      long images,
      LearningTask<?> outline,
      Progress progress,
      double imagesPerSecond) {
    RoundPlanner planner = run.planner(images);
    return new TrainingForecast(
        run,
        progress.round(),
        planner.roundsLeft(progress.cursor()),
        images,
        planner.imagesLeft(progress.cursor()),
        outline.layout().length(),
        outline.stepBytes(run.batchSize()),
        imagesPerSecond);
  }

  /** What each executor gets in a round, and what each worker gives. */
  long stateBytes() {
    return (long) TRAVELLING_VECTORS * Float.BYTES * parameters;
  }

  /** What a checkpoint's vectors take. */
  long checkpointBytes() {
    return (long) Vector.values().length * Float.BYTES * parameters;
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("round", round);
    json.put("roundsLeft", roundsLeft);
    json.put("trainImages", images);
    json.put("imagesLeft", imagesLeft);
    json.put("imagesPerUpdate", run.imagesPerUpdate());
    json.put("updatesPerRound", run.stepsPerRound());
    json.put("workers", run.plannedWorkers());
    json.put("parameters", parameters);
    json.put("workerBytesOutsideHeap", workerBytes);
    json.put("roundBytesToExecutor", stateBytes());
    json.put("roundBytesFromWorkers", run.plannedWorkers() * stateBytes());
    json.put("roundBytesToDriver", stateBytes());
    json.put("checkpointBytes", checkpointBytes());
    if (imagesPerSecond > 0) {
      json.put("secondsLeft", Math.round(imagesLeft / imagesPerSecond));
    }
    return json;
  }

  /** For people. */
  void print(PrintStream err) {
    err.printf(
        Locale.ROOT,
        "%,d images are left, in %s of up to %s; a checkpoint after every %s, of %,d MB%n",
        imagesLeft,
        counted(roundsLeft, "round"),
        counted(run.stepsPerRound(), "update"),
        counted(run.checkpointEvery(), "round"),
        checkpointBytes() / MEGABYTE);
    err.printf(
        Locale.ROOT,
        "%,d parameters; in each round %,d MB go to each executor, and %,d MB come from %s%n",
        parameters,
        stateBytes() / MEGABYTE,
        run.plannedWorkers() * stateBytes() / MEGABYTE,
        counted(run.plannedWorkers(), "worker"));
    err.printf(
        Locale.ROOT,
        "a worker holds %,d MB outside of the heap: spark.executor.memoryOverhead=%dm with one"
            + " worker in an executor%n",
        workerBytes / MEGABYTE,
        ContainerMemory.megabytesFor(1, workerBytes));
    if (imagesPerSecond > 0) {
      err.printf(
          Locale.ROOT,
          "at %.1f images per second of all workers together that takes %,.0f minutes%n",
          imagesPerSecond,
          imagesLeft / imagesPerSecond / 60);
    }
  }

  private static String counted(int count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
