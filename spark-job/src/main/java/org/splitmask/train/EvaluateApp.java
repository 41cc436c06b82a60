/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.checkpoint.TrainedRun;
import org.splitmask.train.eval.Evaluator;
import org.splitmask.train.eval.Probe;
import org.splitmask.train.eval.SparkFeatures;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.SplitMaskNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code evaluate}: probes on the frozen features of a run's newest checkpoint. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Scores a run's encoder on a table's test split, beside the same encoder before training,"
            + " raw pixels and a colour histogram; writes RUN/evaluation.json.",
    sortOptions = false)
public final class EvaluateApp implements Callable<Map<String, Object>> {
  private static final String FILE = "evaluation.json";

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The folder of train.")
  private String run = "";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "A table with labels in its train and test splits.")
  private String table = "";

  @Option(
      names = "--probe",
      split = ",",
      paramLabel = "PROBE",
      description = "knn, linear, or both with a comma between them (the default).")
  private List<String> probes = new ArrayList<>(List.of("knn", "linear"));

  public static void main(String[] arguments) {
    System.exit(new CommandRunner(System.out, System.err).run(new EvaluateApp(), arguments));
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Set<Probe> wanted = EnumSet.noneOf(Probe.class);
    for (String word : probes) {
      wanted.add(
          Probe.of(word)
              .orElseThrow(
                  () ->
                      Check.failure(
                          Blame.USER, "--probe must be knn, linear or both, was '%s'", word)));
    }
    try (SparkSession session = SparkSessions.start("splitmask evaluate")) {
      return evaluate(session, run, table, wanted);
    }
  }

  /** Evaluates in a session that the caller keeps, as {@code demo} does. */
  static Map<String, Object> evaluate(
      SparkSession session, String run, String table, Set<Probe> probes) throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    TrainedRun trained = TrainedRun.open(run, hadoop);
    TableSnapshot snapshot = PatchTable.open(table, hadoop).snapshot();
    TrainerSettings settings = trained.settings(snapshot);
    SplitMaskNetwork initial = LocalTrainer.initialNetwork(settings);
    SplitMaskNetwork encoder =
        SplitMaskNetwork.createEncoder(settings.shape(), DataType.FLOAT, settings.seed());
    SparkFeatures features =
        new SparkFeatures(
            JavaSparkContext.fromSparkContext(session.sparkContext()),
            snapshot,
            settings.shape(),
            settings.input(),
            encoder.manifest().select(trained.parameters(initial.manifest()), initial.manifest()),
            NativeMemory.toArray(encoder.parameters()));
    Map<String, Object> result = new LinkedHashMap<>();
    result.putAll(Evaluator.evaluate(features, probes).toMap());
    result.put("run", run);
    result.put("round", trained.round(initial.manifest()));
    result.put("table", snapshot.location());
    result.put("snapshot", snapshot.snapshotId());
    String json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result);
    trained.files().replace(FILE, json);
    return result;
  }
}
