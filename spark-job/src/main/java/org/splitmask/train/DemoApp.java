/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.demo.DemoPictures;
import org.splitmask.train.eval.probe.Probe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: the whole product on pictures of its own, in minutes. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Renders a labelled picture set, prepares it, trains an encoder on it with two workers"
            + " and evaluates it. The keys are those of train; conf/vit-micro.yaml gives their"
            + " defaults.",
    sortOptions = false)
public final class DemoApp implements Callable<Map<String, Object>>, Configured {
  private static final Logger LOG = LoggerFactory.getLogger(DemoApp.class);
  private static final String CONFIG = "/vit-micro.yaml";
  private static final int PICTURE_SIDE = 64;

  // A third for the test, because its error is what the table at the end is read with; no
  // validation split, because nothing here is chosen on it.
  private static final List<String> PREPARATION =
      List.of(
          "image-size=" + PICTURE_SIDE, "patch-size=8", "test-share=0.33", "validation-share=0");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Receives pictures, table and run; with the same DIR it resumes.")
  private Path output = Path.of("");

  @Option(
      names = "--pictures",
      paramLabel = "N",
      defaultValue = "1200",
      description = "How many pictures are rendered (default: ${DEFAULT-VALUE}).")
  private int pictures;

  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new DemoApp(), arguments), System::exit);
  }

  @Override
  public Class<? extends Record> configuration() {
    return TrainConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    TrainConfig config =
        Configurations.bind(TrainConfig.class, common.settings().over(shippedSettings()));
    Check.that(pictures >= 1, "--pictures must be at least 1, was %d", pictures);
    Path folder = output.resolve("pictures");
    String table = output.resolve("table").toString();
    String run = output.resolve("run").toString();
    Files.createDirectories(output);
    LOG.info("rendering {} pictures into {}", pictures, folder);
    new DemoPictures(config.run().seed(), pictures, PICTURE_SIDE).writeTo(folder);

    try (SparkSession session = SparkSessions.start("splitmask demo")) {
      Map<String, Object> prepared =
          PrepareApp.prepare(
              session, List.of(folder.toString()), table, null, KeyValues.ofWords(PREPARATION));
      Map<String, Object> trained = TrainApp.train(session, config, table, run);
      Map<String, Object> evaluated =
          EvaluateApp.Request.all(config.engine().encoders())
              .evaluate(session, run, TableAddress.folder(table));
      summarise(System.err, prepared, trained, evaluated);
      Map<String, Object> result = new LinkedHashMap<>(prepared);
      result.put("prepare", prepared);
      result.putAll(evaluated);
      result.putAll(trained); // imagesPerSecond is the training's
      return result;
    }
  }

  private static KeyValues shippedSettings() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(DemoApp.class.getResourceAsStream(CONFIG), CONFIG)) {
      return KeyValues.ofYaml(stream, "conf" + CONFIG);
    }
  }

  private static void summarise(
      PrintStream out,
      Map<String, Object> prepared,
      Map<String, Object> trained,
      Map<String, Object> evaluated) {
    out.printf(
        Locale.ROOT,
        "%nprepared   %s pictures, %s rejected%n",
        prepared.get("accepted"),
        prepared.get("rejected"));
    out.printf(
        Locale.ROOT,
        "trained    %s rounds, %s images, %.0f images/s%n",
        trained.get("rounds"),
        trained.get("images"),
        number(trained.get("imagesPerSecond")));
    for (String loss : List.of("inpaint", "match")) {
      if (trained.get(loss) instanceof Map<?, ?> figures) { // there is no match without a split
        out.printf(
            Locale.ROOT,
            "%-10s %.3f at first, %.3f at last%n",
            loss,
            number(figures.get("first")),
            number(figures.get("last")));
      }
    }
    out.printf(
        Locale.ROOT,
        "%nright of %s test pictures, %s classes%n%-8s %8s %8s %8s %10s%n",
        evaluated.get("testImages"),
        evaluated.get("classes"),
        "probe",
        "trained",
        "random",
        "pixels",
        "histogram");
    for (Probe probe : Probe.values()) {
      Map<?, ?> shares = (Map<?, ?>) Objects.requireNonNull(evaluated.get(probe.word()));
      out.printf(
          Locale.ROOT,
          "%-8s %6.1f %% %6.1f %% %6.1f %% %8.1f %%%n",
          probe.word(),
          100 * number(shares.get("trained")),
          100 * number(shares.get("random")),
          100 * number(shares.get("pixels")),
          100 * number(shares.get("histogram")));
    }
    out.println();
  }

  private static double number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).doubleValue();
  }
}
