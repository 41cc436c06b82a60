/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.AveragingLoop.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.RowGroupPath;
import org.splitmask.train.averaging.SplitMaskTrainingMaster;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.checkpoint.RunIdentity.PinnedTable;
import org.splitmask.train.codebook.FittedCodebook;
import org.splitmask.train.codebook.TokenReport;
import org.splitmask.train.codebook.TokenUsage;
import org.splitmask.train.codebook.Vocabulary;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.kernel.BlasCheck;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.metrics.CollapseWatch;
import org.splitmask.train.metrics.RunMetrics;
import org.splitmask.train.model.SplitMaskNetwork;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.target.Codebook;

/** A training run: begins or resumes, trains to its end, and leaves a checkpoint. */
final class Training {
  private static final Logger LOG = LoggerFactory.getLogger(Training.class);
  private static final String TOKENS = "tokens.json";
  private static final List<String> OF_MATCHING =
      List.of("matchAccuracy", "descriptorDeviation", "effectiveRank");

  private final SparkSession session;
  private final TrainConfig config;
  private final RunFiles run;
  private final String table;
  private final Console console;

  Training(SparkSession session, TrainConfig config, String table, String output, Console console) {
    this.session = session;
    this.config = config;
    this.run = new RunFiles(output, session.sparkContext().hadoopConfiguration());
    this.table = table;
    this.console = console;
  }

  /** The main path; the result is what {@code train} prints. */
  Map<String, Object> run() throws IOException {
    TableSnapshot snapshot = beginOrCheck();
    List<RowGroup> groups = snapshot.rowGroups(Split.TRAIN);
    RoundPlanner planner = config.planner(groups.stream().mapToInt(RowGroup::rows).sum());
    TrainerSettings settings =
        config.trainerSettings(snapshot, new RunIdentity(run).codebook(), taskCores());
    SplitMaskNetwork network = LocalTrainer.initialNetwork(settings);
    CheckpointStore checkpoints =
        new CheckpointStore(run, network.manifest(), config.run().keepCheckpoints());
    TrainingState start = checkpoints.latest().orElseGet(() -> newState(network));
    RunMetrics metrics = new RunMetrics(run);
    metrics.resume(start.round());
    LOG.info(
        "{} at round {}, {} more", run.root(), start.round(), planner.roundsLeft(start.cursor()));
    tellNeeds(settings, network);

    try (RoundReport report = new RoundReport(planner, checkpoints, metrics)) {
      SplitMaskTrainingMaster master =
          new SplitMaskTrainingMaster(
              settings, planner, config.optimizer().outerStep(), start, report);
      fit(network, master, groups);
      report.finish(master.state());
      return result(master.state(), planner, metrics, checkpoints);
    }
  }

  /** What each worker will hold, and how fast this process multiplies, as each worker will say. */
  private void tellNeeds(TrainerSettings settings, SplitMaskNetwork network) {
    int images = config.run().batchSize();
    LOG.info(
        "a worker holds {} MB outside of the heap for mini-batches of {}",
        settings.stepMemory(images).bytes(network.manifest().length()) / 1_000_000,
        images);
    BlasCheck.logOnce(settings.threads(), InstantSource.system());
  }

  /**
   * The cores of a worker's task. Within this machine's own JVM, Spark gives a task one; workers
   * that are fewer than cores share them.
   */
  private int taskCores() {
    SparkContext spark = session.sparkContext();
    int cores = spark.conf().getInt("spark.task.cpus", 1);
    return spark.isLocal()
        ? Math.max(cores, spark.defaultParallelism() / config.run().workers())
        : cores;
  }

  /** DL4J's Spark API drives our master over the row groups. */
  private void fit(
      SplitMaskNetwork network, SplitMaskTrainingMaster master, List<RowGroup> groups) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    SparkComputationGraph graph = new SparkComputationGraph(spark, network.graph(), master);
    MultiDataSetLoader workersReadForThemselves = null;
    graph.fitPaths(spark.parallelize(RowGroupPath.of(groups)), workersReadForThemselves);
  }

  /** Pins a new run to the table's newest snapshot, or checks that this continues the old run. */
  private TableSnapshot beginOrCheck() throws IOException {
    RunIdentity identity = new RunIdentity(run);
    PatchTable patches = PatchTable.open(table, session.sparkContext().hadoopConfiguration());
    if (identity.exists()) {
      identity.requireSame(config, patches.location());
      TableSnapshot pinned = patches.snapshot(identity.pinnedTable().snapshot());
      config.check(pinned);
      tellRate(Optional.of(identity.config()));
      identity.update(config);
      return pinned;
    }
    TableSnapshot snapshot = patches.snapshot();
    LOG.info("{}: new run on snapshot {} of {}", run.root(), snapshot.snapshotId(), table);
    LOG.info("configuration {}", Configurations.effective(config));
    config.check(snapshot);
    tellRate(Optional.empty());
    Codebook codebook = codebook(snapshot);
    identity.create(config, new PinnedTable(patches.location(), snapshot.snapshotId()), codebook);
    return snapshot;
  }

  /** With lr-scaling the rate follows the number of workers, which may change. */
  private void tellRate(Optional<TrainConfig> before) {
    double rate = config.optimisation().rate().peak();
    LOG.info(
        "peak learning rate {} with {} images per update", rate, config.run().imagesPerUpdate());
    double former = before.map(run -> run.optimisation().rate().peak()).orElse(rate);
    if (former != rate) {
      LOG.warn("{}: the peak learning rate was {} until now", run.root(), former);
    }
  }

  private Codebook codebook(TableSnapshot snapshot) throws IOException {
    Vocabulary vocabulary =
        new Vocabulary(
            JavaSparkContext.fromSparkContext(session.sparkContext()),
            snapshot,
            config.objective().tokenizer(),
            config.codebook());
    FittedCodebook fitted = vocabulary.codebook();
    TokenUsage usage = vocabulary.usage(fitted);
    TokenReport.log(usage, config.codebook());
    run.replace(TOKENS, TokenReport.json(usage, config.codebook()));
    return fitted.codebook();
  }

  private static TrainingState newState(SplitMaskNetwork network) {
    return TrainingState.start(OptimizerState.start(NativeMemory.toArray(network.parameters())));
  }

  private Map<String, Object> result(
      TrainingState state, RoundPlanner planner, RunMetrics metrics, CheckpointStore checkpoints)
      throws IOException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("rounds", state.round());
    result.put("updates", state.optimizer().updates());
    result.put("images", planner.imagesSeen(state.cursor()));
    result.put("imagesPerSecond", metrics.imagesPerSecond());
    for (String loss : List.of("inpaint", "match")) {
      if (metrics.has(loss)) {
        result.put(loss, metrics.firstAndLast(loss));
      }
    }
    for (String figure : OF_MATCHING) {
      if (metrics.has(figure)) {
        result.put(figure, metrics.last(figure));
      }
    }
    result.put("checkpoint", checkpoints.latestPath().map(Path::toString).orElse(""));
    result.put("run", run.root().toString());
    return result;
  }

  /** What happens after each round: metrics, progress, checkpoints. */
  private final class RoundReport implements RoundListener, AutoCloseable {
    private final RoundPlanner planner;
    private final CheckpointStore checkpoints;
    private final RunMetrics metrics;
    private final Progress progress;
    private final CollapseWatch collapse = new CollapseWatch();
    private long roundStartedAt = console.nanoTime().getAsLong();

    RoundReport(RoundPlanner planner, CheckpointStore checkpoints, RunMetrics metrics) {
      this.planner = planner;
      this.checkpoints = checkpoints;
      this.metrics = metrics;
      this.progress = console.progress("train", "images", planner.imagesInAll());
    }

    @Override
    public void onRound(RoundResult result) {
      long now = console.nanoTime().getAsLong();
      metrics.add(result, (now - roundStartedAt) / 1e9);
      roundStartedAt = now;
      if (config.objective().objective().matchWeight() > 0) {
        collapse
            .look(
                result.state().round(),
                metrics.last("descriptorDeviation"),
                metrics.last("effectiveRank"))
            .ifPresent(LOG::warn);
      }
      progress.at(planner.imagesSeen(result.state().cursor()), losses());
      if (result.state().round() % config.run().checkpointEvery() == 0) {
        finish(result.state());
      }
    }

    private String losses() {
      String inpaint = String.format(Locale.ROOT, "inpaint %.3f", metrics.last("inpaint"));
      return metrics.has("match")
          ? String.format(Locale.ROOT, "%s match %.3f", inpaint, metrics.last("match"))
          : inpaint;
    }

    void finish(TrainingState state) {
      try {
        // First: lines beyond the checkpoint are dropped on resuming, missing ones would stay away.
        metrics.write();
        checkpoints.save(state);
      } catch (IOException e) {
        throw new SplitMaskException(
            Blame.CLUSTER,
            String.format(
                Locale.ROOT,
                "the checkpoint of round %d could not be written: %s; earlier checkpoints are"
                    + " intact, and the same command goes on from the last of them",
                state.round(),
                e.getMessage()),
            e);
      }
    }

    @Override
    public void close() {
      progress.close();
    }
  }
}
