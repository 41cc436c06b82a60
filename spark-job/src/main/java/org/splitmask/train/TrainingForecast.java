/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.checkpoint.Progress;
import org.splitmask.train.config.RunConfig;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * What a run has before it, and what it will need, from its plan alone. Bytes are those of the
 * vectors: Spark compresses what it sends, which helps little with weights and much with zeros.
 *
 * @param round the last one of the newest checkpoint; 0 for a new run
 * @param roundsLeft after that
 * @param images of the train split
 * @param imagesLeft to be seen, over all epochs
 * @param parameters of the network
 * @param memory of an executor
 * @param traffic of a round
 * @param pace of all workers together
 */
record TrainingForecast(
    RunConfig run,
    int round,
    int roundsLeft,
    long images,
    long imagesLeft,
    int parameters,
    WorkerMemory memory,
    Traffic traffic,
    Pace pace) {
  private static final int MEGABYTE = 1_000_000;

  /**
   * How fast the workers are, all together.
   *
   * @param imagesPerSecond 0 if nothing tells
   * @param hasAveraging whether the time of averaging is in it, as in a run's own rounds
   */
  record Pace(double imagesPerSecond, boolean hasAveraging) {
    static Pace ofSteps(double imagesPerSecond) {
      return new Pace(imagesPerSecond, false);
    }

    static Pace ofRounds(double imagesPerSecond) {
      return new Pace(imagesPerSecond, true);
    }
  }

  /** Workers of the rounds whose cost is told beside that of the run's own. */
  private static final List<Integer> OTHER_WORKERS = List.of(2, 8, 32, 128);

  /**
   * From a run's plan.
   *
   * @param outline the run's task; any vocabulary will do
   * @param groups of the train split
   * @param progress of the run until now
   * @param pace of all workers together
   */
  static TrainingForecast of(
      TrainConfig config,
      SplitMaskTask outline,
      List<RowGroup> groups,
      Progress progress,
      Pace pace) {
    RunConfig run = config.run();
    long images = groups.stream().mapToLong(RowGroup::rows).sum();
    RoundPlanner planner = run.planner(images);
    return new TrainingForecast(
        run,
        progress.round(),
        planner.roundsLeft(progress.cursor()),
        images,
        planner.imagesLeft(progress.cursor()),
        outline.layout().length(),
        WorkerMemory.of(config.trainerSettings(outline, 1), groups, run.batchSize()),
        new Traffic(config.outerStep().moments(), run.deltaPrecision()),
        pace);
  }

  /** What each executor gets in a round, and as much the driver fetches. */
  long executorBytes() {
    return traffic.executorBytes(parameters);
  }

  /** What each worker gives. */
  long workerBytes() {
    return traffic.workerBytes(parameters);
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
    json.put("workerBytesOnHeap", memory.state());
    json.put("workerBytesWhileAveraging", memory.travelling());
    json.put("executorBytesOfPictures", memory.pictures());
    json.put("workerBytesOutsideHeap", memory.outside());
    json.put("workerBytesOnGpu", memory.card());
    json.put("roundBytesToExecutor", executorBytes());
    json.put("roundBytesFromWorkers", run.plannedWorkers() * workerBytes());
    json.put("roundBytesToDriver", executorBytes());
    json.put("checkpointBytes", checkpointBytes());
    Map<String, Object> averaging = new LinkedHashMap<>();
    for (int workers : workersToTell()) {
      averaging.put(String.valueOf(workers), RoundMetrics.rounded(averagingSeconds(workers)));
    }
    json.put("averagingSecondsByWorkers", averaging);
    json.put("sparkSettings", settings());
    if (pace.imagesPerSecond > 0) {
      json.put("secondsLeft", Math.round(secondsLeft()));
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
        executorBytes() / MEGABYTE,
        run.plannedWorkers() * workerBytes() / MEGABYTE,
        counted(run.plannedWorkers(), "worker"));
    err.printf(
        Locale.ROOT,
        "a worker holds %,d MB on the heap (parameters, moments, gradient), %,d MB more while it"
            + " averages, and %,d MB outside of the heap (the arrays of a step); an executor keeps up"
            + " to %,d MB of pictures%n",
        memory.state() / MEGABYTE,
        memory.travelling() / MEGABYTE,
        memory.outside() / MEGABYTE,
        memory.pictures() / MEGABYTE);
    if (memory.card() > 0) {
      err.printf(Locale.ROOT, "and about %,d MB of its GPU's memory%n", memory.card() / MEGABYTE);
    }
    err.printf(
        Locale.ROOT,
        "averaging takes about %s of each round, with one worker in an executor and a network of"
            + " 10 Gbit/s%n",
        workersToTell().stream()
            .map(
                workers ->
                    String.format(
                        Locale.ROOT, "%.1f s (%d workers)", averagingSeconds(workers), workers))
            .collect(Collectors.joining(", ")));
    err.println("settings of Spark, with one worker in an executor:");
    settings().forEach((key, value) -> err.printf("  --conf %s=%s%n", key, value));
    if (pace.imagesPerSecond > 0) {
      err.printf(
          Locale.ROOT,
          "at %.1f images per second of all workers together that takes %,.0f minutes, %.1f %% of"
              + " it for averaging%n",
          pace.imagesPerSecond,
          secondsLeft() / 60,
          100 * roundsLeft * averagingSeconds(run.plannedWorkers()) / Math.max(1, secondsLeft()));
    }
  }

  private double secondsLeft() {
    double seconds = imagesLeft / pace.imagesPerSecond;
    return pace.hasAveraging
        ? seconds
        : seconds + roundsLeft * averagingSeconds(run.plannedWorkers());
  }

  private double averagingSeconds(int workers) {
    return AveragingCost.seconds(executorBytes(), workerBytes(), workers);
  }

  private List<Integer> workersToTell() {
    TreeSet<Integer> workers = new TreeSet<>(OTHER_WORKERS);
    workers.add(run.plannedWorkers());
    return List.copyOf(workers);
  }

  /** Settings to paste, for one worker in each executor. */
  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.driver.memory", megabytes(AveragingCost.driverHeap(parameters)));
    settings.put("spark.executor.memory", megabytes(memory.goodHeap(1)));
    settings.put("spark.executor.memoryOverhead", megabytes(memory.overhead(1)));
    // No result is larger than a segment; Spark's own bound would do, and says so to readers.
    settings.put("spark.driver.maxResultSize", "1g");
    return settings;
  }

  private static String megabytes(long bytes) {
    return WorkerMemory.megabytes(bytes) + "m";
  }

  private static String counted(int count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}
