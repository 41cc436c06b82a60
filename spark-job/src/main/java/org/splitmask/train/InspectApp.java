/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.HadoopSettings;
import org.splitmask.prep.InspectTableApp;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.metrics.RunSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code inspect}: what is in a run, or in a table, as data-prep tells it. Starts no Spark. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Shows what is in a table (counts, configuration, statistics, snapshots) or in a run"
            + " (configuration, table, losses, checkpoints, evaluation). The options are for"
            + " tables only.",
    sortOptions = false)
public final class InspectApp implements Callable<Map<String, Object>> {
  private static final String EVALUATION = "evaluation.json";

  @Mixin private InspectTableApp table = new InspectTableApp(System.out, System.err);

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new InspectApp(), arguments), System::exit);
  }

  @Override
  public Map<String, Object> call() throws IOException {
    if (table.isInCatalog()) {
      return table.call();
    }
    RunFiles run = new RunFiles(table.location(), HadoopSettings.ofApplication());
    if (!RunIdentity.exists(run)) {
      return table.call();
    }
    Check.that(
        !table.hasTableOptions(),
        "%s is a run; --snapshot, --files and --sheet are for tables",
        table.location());
    Map<String, Object> contents = contents(run);
    contents.forEach(table::show);
    return contents;
  }

  private static Map<String, Object> contents(RunFiles run) throws IOException {
    RunIdentity<TrainConfig> identity = new RunIdentity<>(run, TrainConfig.class);
    RunSummary metrics = RunSummary.read(run);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run", run.root().toString());
    json.put("table", identity.pinnedTable().location());
    json.put("snapshot", identity.pinnedTable().snapshot());
    json.put("configuration", Configurations.effective(identity.config()));
    json.put("rounds", metrics.rounds());
    if (metrics.rounds() > 0) {
      json.put("updates", (long) metrics.last("updates"));
      json.put("images", metrics.images());
      json.put("imagesPerSecond", metrics.imagesPerSecond());
      for (String loss : List.of("inpaint", "match")) {
        if (metrics.has(loss)) {
          json.put(loss, metrics.firstAndLast(loss));
        }
      }
    }
    json.put("checkpoints", CheckpointStore.folders(run));
    CheckpointStore.best(run).ifPresent(name -> json.put("bestCheckpoint", name));
    if (run.exists(EVALUATION)) {
      json.put("evaluation", new ObjectMapper().convertValue(run.json(EVALUATION), Map.class));
    }
    return json;
  }
}
