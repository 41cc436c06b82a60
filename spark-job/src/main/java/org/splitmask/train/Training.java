/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Check;
import org.splitmask.common.lease.Repeater;
import org.splitmask.common.session.FigureSource;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.AveragingLoop;
import org.splitmask.train.averaging.FixedWorkforce;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundTries;
import org.splitmask.train.averaging.SlotWorkforce;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.averaging.Workforce;
import org.splitmask.train.averaging.dl4j.Dl4jAveraging;
import org.splitmask.train.averaging.spark.Slots;
import org.splitmask.train.averaging.spark.SparkRounds;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.checkpoint.CheckpointListener;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.checkpoint.RunIdentity.PinnedTable;
import org.splitmask.train.checkpoint.RunLease;
import org.splitmask.train.config.RunSettings;
import org.splitmask.train.kernel.library.BlasCheck;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.metrics.FigureListener;
import org.splitmask.train.metrics.MetricsFile;
import org.splitmask.train.metrics.ProgressListener;
import org.splitmask.train.metrics.RunSummary;
import org.splitmask.train.metrics.TensorBoardFile;
import org.splitmask.train.metrics.mlflow.MlflowListener;
import org.splitmask.train.metrics.mlflow.Tracked;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.task.LearningTask;

/** A training run of any kind: begins or resumes, trains to its end, and leaves a checkpoint. */
final class Training<C extends Record & RunSettings, B extends MiniBatch> {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);

  private final SparkSession session;
  private final RunKind<C, B> kind;
  private final C config;
  private final RunFiles run;
  private final TableAddress table;
  private final Console console;

  Training(
      SparkSession session, RunKind<C, B> kind, TableAddress table, RunFiles run, Console console) {
    this.session = session;
    this.kind = kind;
    this.config = kind.config();
    this.run = run;
    this.table = table;
    this.console = console;
  }

  /** The main path; the result is what {@code train} prints. */
  Map<String, Object> run() throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    try (PatchTable patches = PatchTable.open(table, hadoop)) {
      // Before the lease, so that what is refused leaves nothing.
      kind.check(RunStart.of(run, config, patches).snapshot());
      if (isTracked()) {
        MlflowListener.check();
      }
      String application = session.sparkContext().applicationId();
      Repeater repeater = Repeater.onThread("lease of the run");
      try (RunLease lease = RunLease.take(run, application, repeater)) {
        return run(beginOrResume(patches), lease);
      }
    }
  }

  private Map<String, Object> run(Begun<B> begun, RunLease lease) throws IOException {
    LearningTask<B> task = begun.task();
    List<RowGroup> groups = begun.snapshot().rowGroups(Split.TRAIN);
    RoundPlanner planner = config.run().planner(groups.stream().mapToLong(RowGroup::rows).sum());
    TrainerSettings<B> settings = kind.trainerSettings(task, taskCores());
    CheckpointStore checkpoints =
        new CheckpointStore(
            run, task.layout(), config.run().keepCheckpoints(), () -> vectors(task));
    MetricsFile metrics = new MetricsFile(run, config.run().checkpointEvery());

    TrainingState start =
        checkpoints.latest().orElseGet(() -> TrainingState.start(vectors(task), kind.start(task)));
    RunSummary summary = metrics.resume(start.round());
    metrics.dropLater(start.round());
    LOG.info(
        "{} at round {}, {} more", run.root(), start.round(), planner.roundsLeft(start.cursor()));
    tellNeeds(settings, groups);

    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Workforce workforce = workforce(planner, spark.sc()); // SIGTERM may end the waiting at once
    try (Progress progress = console.progress("train", "images", planner.imagesInAll());
        FigureSource figures = FigureSource.register("splitmask.train");
        SparkRounds rounds =
            new SparkRounds(
                spark, settings, groups, traffic(), config.run().quorum(), console.nanoTime());
        CheckpointListener saver =
            new CheckpointListener(
                checkpoints, config.run().checkpointEvery(), summary::recentLoss);
        MlflowListener tracked = isTracked() ? tracked(start, planner) : null;
        StopSignal signal = StopSignal.onTerm(rounds::stop)) {
      List<RoundListener> listeners = new ArrayList<>();
      listeners.add(lease); // before anything of a round is kept
      listeners.add(metrics);
      if (config.run().tensorboard()) {
        listeners.add(
            new TensorBoardFile(
                run, config.run().checkpointEvery(), start, InstantSource.system()));
      }
      if (tracked != null) {
        listeners.add(tracked);
      }
      listeners.addAll(kind.watches());
      listeners.add(new FigureListener(planner.imagesSeen(start.cursor()), figures::set));
      listeners.add(
          new ProgressListener(
              progress, state -> planner.imagesSeen(state.cursor()), task.losses()));
      listeners.add(saver);
      AveragingLoop loop =
          new AveragingLoop(
              planner,
              workforce,
              new RoundTries(
                  rounds, config.outerStep(), config.run().rateHalvings(), console.nanoTime()),
              RoundListener.all(listeners),
              console.nanoTime());
      List<String> files = groups.stream().map(RowGroup::file).distinct().toList();
      try (TrainingState end = Dl4jAveraging.train(spark, task, loop, start, files)) {
        Check.cluster(
            !rounds.isStopped() || planner.isDone(end.cursor()),
            "%s was stopped by SIGTERM after round %d, and has a checkpoint of it; the same command"
                + " goes on from there",
            run.root(),
            end.round());
        return result(end, planner, task, summary, checkpoints);
      }
    }
  }

  private boolean isTracked() {
    return !config.run().mlflowExperiment().isEmpty();
  }

  private MlflowListener tracked(TrainingState start, RoundPlanner planner) {
    boolean isNew = start.round() == 0;
    return MlflowListener.of(
        config.run().mlflowExperiment(),
        new Tracked(run.root().toString(), isNew, Configurations.effective(config)),
        config.run().checkpointEvery(),
        state -> planner.roundsLeft(state.cursor()) == 0);
  }

  private Traffic traffic() {
    return new Traffic(config.outerStep().moments(), config.run().deltaPrecision());
  }

  /** What a run trains on, and what it learns. */
  private record Begun<B extends MiniBatch>(TableSnapshot snapshot, LearningTask<B> task) {}

  /** Pins a new run to the table's newest snapshot, or checks that this continues the old run. */
  private Begun<B> beginOrResume(PatchTable patches) throws IOException {
    RunStart<C> start = RunStart.of(run, config, patches);
    RunIdentity<C> identity = start.identity();
    TableSnapshot snapshot = start.snapshot();
    kind.check(snapshot);
    if (!start.isNew()) {
      tellRate(Optional.of(identity.config()));
      identity.update(config);
      return new Begun<>(snapshot, kind.resume(snapshot, identity));
    }
    LOG.info("{}: new run on snapshot {} of {}", run.root(), snapshot.snapshotId(), table);
    LOG.info("configuration {}", Configurations.effective(config));
    tellRate(Optional.empty());
    LearningTask<B> task = kind.begin(snapshot);
    PinnedTable pinned = new PinnedTable(patches.location(), snapshot.snapshotId());
    identity.create(config, pinned, task.kept());
    return new Begun<>(snapshot, task);
  }

  /** With lr-scaling the rate follows the number of workers, which may change. */
  private void tellRate(Optional<C> before) {
    double rate = config.optimisation().rate().peak();
    LOG.info(
        "peak learning rate {} with {} images per update", rate, config.run().imagesPerUpdate());
    double former = before.map(run -> run.optimisation().rate().peak()).orElse(rate);
    if (former != rate) {
      LOG.warn("{}: the peak learning rate was {} until now", run.root(), former);
    }
  }

  /** What each worker will hold, and how fast this process multiplies, as each worker will say. */
  private void tellNeeds(TrainerSettings<B> settings, List<RowGroup> groups) {
    int images = config.run().batchSize();
    WorkerMemory memory = WorkerMemory.of(settings, groups, images);
    LOG.info(
        "a worker holds {} MB on the heap, and {} MB outside of it for mini-batches of {}",
        memory.state() / 1_000_000,
        memory.outside() / 1_000_000,
        images);
    int workers = config.run().followsSlots() ? Integer.MAX_VALUE : config.run().workers();
    ContainerMemory.check(session.sparkContext().conf(), workers, memory);
    BlasCheck.logOnce(settings.threads(), InstantSource.system());
  }

  /** How many workers rounds have; waits until the executors have slots for the least number. */
  private Workforce workforce(RoundPlanner planner, SparkContext spark) {
    Slots slots = Slots.of(spark, console.nanoTime());
    // Where Spark brings executors only for tasks that wait, there are none before the first round.
    boolean areBroughtForTasks = spark.conf().getBoolean("spark.dynamicAllocation.enabled", false);
    if (!areBroughtForTasks) {
      slots.await(config.run().minWorkers(), config.run().minWorkersSeconds());
    }
    if (config.run().followsSlots()) {
      return new SlotWorkforce(
          slots::now, config.run().minWorkers(), planner.mostWorkers(), config::rateFactor);
    }
    return new FixedWorkforce(config.run().workers(), slots::now);
  }

  /**
   * The cores of a worker's task. Within this machine's own JVM, Spark gives a task one; workers
   * that are fewer than cores share them.
   */
  private int taskCores() {
    SparkContext spark = session.sparkContext();
    int cores = spark.conf().getInt("spark.task.cpus", 1);
    return spark.isLocal() && !config.run().followsSlots()
        ? Math.max(cores, spark.defaultParallelism() / config.run().workers())
        : cores;
  }

  /** Room for the run's vectors on the driver; Spark deletes its folder when it stops. */
  private VectorStore vectors(LearningTask<B> task) {
    return VectorStore.create(
        task.layout().length(),
        Runtime.getRuntime().maxMemory(),
        Path.of(SparkFiles.getRootDirectory()));
  }

  private Map<String, Object> result(
      TrainingState state,
      RoundPlanner planner,
      LearningTask<B> task,
      RunSummary summary,
      CheckpointStore checkpoints)
      throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("rounds", state.round());
    result.put("updates", state.updates());
    result.put("images", planner.imagesSeen(state.cursor()));
    result.put("imagesPerSecond", summary.imagesPerSecond());
    for (String loss : task.losses()) {
      if (summary.has(loss)) {
        result.put(loss, summary.firstAndLast(loss));
      }
    }
    for (String figure : task.lastFigures()) {
      if (summary.has(figure)) {
        result.put(figure, summary.last(figure));
      }
    }
    result.put("checkpoint", checkpoints.latestPath().map(Object::toString).orElse(""));
    result.put("run", run.root().toString());
    return result;
  }
}
