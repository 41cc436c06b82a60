/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.checkpoint.CheckpointChoice;
import org.splitmask.train.config.EngineConfig;
import org.splitmask.train.encoder.TrainedEncoder;
import org.splitmask.train.encoder.TrainedRun;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.eval.Evaluator;
import org.splitmask.train.eval.FeatureKind;
import org.splitmask.train.eval.SparkFeatures;
import org.splitmask.train.eval.probe.Probe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: probes on the frozen features of a run's encoder. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description =
        "Scores a run's encoder on a table's test split, beside the same encoder before"
            + " training, raw pixels and a colour histogram. A full evaluation is kept in"
            + " RUN/evaluation.json (with another --crop-size in evaluation-PIXELS.json, with"
            + " --checkpoint best or N in evaluation-round-N.json); with only some probes or"
            + " features it is printed and not kept.",
    sortOptions = false)
public final class EvaluateApp implements Callable<Map<String, Object>>, Configured {

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder, which train was given as --output.")
  private String run = "";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "A table with labels in its train and test splits.")
  private String table = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--probe",
      split = ",",
      paramLabel = "PROBE",
      description = "knn, linear, or both with a comma between them (the default).")
  private List<String> probes = new ArrayList<>(List.of("knn", "linear"));

  @Option(
      names = "--features",
      split = ",",
      paramLabel = "FEATURES",
      description =
          "What is scored: trained, random, pixels, histogram; default: all. The trained encoder's"
              + " figures mean little without the others'.")
  private List<String> features =
      new ArrayList<>(List.of("trained", "random", "pixels", "histogram"));

  @Mixin private CheckpointOption checkpoint = new CheckpointOption();
  @Mixin private ResolutionOption resolution = new ResolutionOption();
  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new EvaluateApp(), arguments), System::exit);
  }

  @Override
  public Class<? extends Record> configuration() {
    return EngineConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    EngineConfig engine = Configurations.bind(EngineConfig.class, common.settings());
    Check.that(
        !engine.recomputeBlocks(),
        "recompute-blocks=true is for training: an evaluation has no backward pass");
    Set<Probe> wanted = new TreeSet<>();
    for (String word : probes) {
      wanted.add(
          Probe.of(word)
              .orElseThrow(
                  () ->
                      Check.failure(
                          Blame.USER, "--probe must be knn, linear or both, was '%s'", word)));
    }
    Set<FeatureKind> kinds = new TreeSet<>();
    for (String word : features) {
      kinds.add(
          FeatureKind.of(word)
              .orElseThrow(
                  () ->
                      Check.failure(
                          Blame.USER,
                          "--features must be of trained, random, pixels and histogram, was '%s'",
                          word)));
    }
    Request request =
        new Request(wanted, kinds, checkpoint.choice(), resolution.cropSize(), engine.encoders());
    try (SparkSession session = SparkSessions.start("splitmask evaluate")) {
      return request.evaluate(session, run, new TableAddress(table, catalog.file()));
    }
  }

  /**
   * What is to be scored.
   *
   * @param checkpoint of which the encoder is
   * @param cropSize the side of the encoder's input, where it is not the one trained on
   * @param encoders what computes the encoder
   */
  record Request(
      Set<Probe> probes,
      Set<FeatureKind> kinds,
      CheckpointChoice checkpoint,
      OptionalInt cropSize,
      EncoderFactory encoders) {
    /** Only a full evaluation is kept; a part of it must not replace all of it. */
    private boolean isWhole() {
      return probes.size() == Probe.values().length && kinds.size() == FeatureKind.values().length;
    }

    /** The newest checkpoint's evaluation is the run's; another must not take its place. */
    private String file(TrainedRun trained, int round) {
      int trainedSize = trained.config().model().cropSize();
      int size = cropSize.orElse(trainedSize);
      return "evaluation"
          + (size == trainedSize ? "" : "-" + size)
          + (checkpoint instanceof CheckpointChoice.Latest ? "" : "-round-" + round)
          + ".json";
    }

    /** Everything, of the newest checkpoint, at the size that was trained on. */
    static Request all(EncoderFactory encoders) {
      return new Request(
          EnumSet.allOf(Probe.class),
          EnumSet.allOf(FeatureKind.class),
          new CheckpointChoice.Latest(),
          OptionalInt.empty(),
          encoders);
    }

    /** Evaluates in a session that the caller keeps, as {@code demo} does. */
    Map<String, Object> evaluate(SparkSession session, String run, TableAddress table)
        throws IOException {
      Configuration hadoop = session.sparkContext().hadoopConfiguration();
      TrainedRun trained = TrainedRun.open(run, hadoop);
      try (PatchTable patches = PatchTable.open(table, hadoop)) {
        return evaluate(session, run, trained, patches.snapshot());
      }
    }

    private Map<String, Object> evaluate(
        SparkSession session, String run, TrainedRun trained, TableSnapshot snapshot)
        throws IOException {
      TrainedEncoder encoder =
          TrainedEncoder.read(trained, checkpoint, trained.task(snapshot), cropSize);
      SparkFeatures features =
          new SparkFeatures(
              JavaSparkContext.fromSparkContext(session.sparkContext()),
              snapshot,
              encoders,
              encoder.shape(),
              encoder.input(),
              encoder.parameters(),
              encoder.initial().get());
      Map<String, Object> result = new LinkedHashMap<>();
      result.putAll(Evaluator.evaluate(features, probes, kinds).toMap());
      result.put("run", run);
      result.put("round", encoder.round());
      result.put("cropSize", encoder.input().cropSize());
      result.put("table", snapshot.location());
      result.put("snapshot", snapshot.snapshotId());
      String json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result);
      if (isWhole()) {
        trained.files().replace(file(trained, encoder.round()), json);
      }
      return result;
    }
  }
}
