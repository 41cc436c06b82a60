/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.HadoopSettings;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.TrainingForecast.Pace;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.Progress;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.metrics.RunSummary;
import org.splitmask.train.splitmask.SplitMaskTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: what a training would come to. Starts no Spark, and writes nothing. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Says what train with the same options would have before it: rounds, memory of a worker,"
            + " traffic of a round, room for checkpoints. Refuses what train would refuse; starts"
            + " nothing and writes nothing.",
    sortOptions = false)
public final class PlanApp implements Callable<Map<String, Object>>, Configured {
  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "The table that prepare wrote.")
  private String table = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--output",
      paramLabel = "RUN",
      description = "A run's folder; of a run that is there, the plan tells what is left.")
  private @Nullable String output;

  @Option(
      names = "--images-per-second",
      paramLabel = "RATE",
      description =
          "Of one worker, as bench train measures it on the executors' machines; tells the time."
              + " Default: what the run had until now.")
  private double rate;

  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new PlanApp(), arguments), System::exit);
  }

  @Override
  public Class<? extends Record> configuration() {
    return TrainConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Check.that(
        rate >= 0 && Double.isFinite(rate), "--images-per-second must be positive, was %s", rate);
    TrainConfig config = Configurations.bind(TrainConfig.class, common.settings());
    Configuration hadoop = HadoopSettings.ofApplication();
    TableAddress address = new TableAddress(table, catalog.file());
    try (PatchTable patches = PatchTable.open(address, hadoop)) {
      TrainingForecast forecast =
          output == null
              ? ofNewRun(config, patches.snapshot())
              : ofRun(config, patches, new RunFiles(output, hadoop));
      forecast.print(System.err);
      return forecast.json();
    }
  }

  private TrainingForecast ofRun(TrainConfig config, PatchTable patches, RunFiles run)
      throws IOException {
    RunStart<TrainConfig> start = RunStart.of(run, config, patches);
    if (start.isNew()) {
      return ofNewRun(config, start.snapshot());
    }
    config.check(start.snapshot());
    SplitMaskTask task = config.outline(start.snapshot());
    Progress progress =
        CheckpointStore.reader(run, task.layout()).latestProgress().orElse(Progress.NONE);
    RunSummary summary = RunSummary.read(run);
    double until =
        summary.workers() > 0
            ? summary.imagesPerSecond() / summary.workers() * config.run().plannedWorkers()
            : 0;
    Pace pace = rate > 0 ? Pace.ofSteps(together(config)) : Pace.ofRounds(until);
    return forecast(config, start.snapshot(), task, progress, pace);
  }

  private TrainingForecast ofNewRun(TrainConfig config, TableSnapshot snapshot) {
    config.check(snapshot);
    return forecast(
        config, snapshot, config.outline(snapshot), Progress.NONE, Pace.ofSteps(together(config)));
  }

  /** The rate of all workers. */
  private double together(TrainConfig config) {
    return rate * config.run().plannedWorkers();
  }

  private static TrainingForecast forecast(
      TrainConfig config,
      TableSnapshot snapshot,
      SplitMaskTask task,
      Progress progress,
      Pace pace) {
    config.advice(snapshot).ifPresent(advice -> System.err.println("note: " + advice));
    return TrainingForecast.of(config, task, snapshot.rowGroups(Split.TRAIN), progress, pace);
  }
}
