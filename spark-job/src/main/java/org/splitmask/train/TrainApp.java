/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.config.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: a patch table becomes a trained encoder. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Trains a SplitMask encoder on a patch table; with the same RUN it resumes.",
    sortOptions = false)
public final class TrainApp implements Callable<Map<String, Object>>, Configured {
  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description = "The table that prepare wrote; the run is pinned to its newest snapshot.")
  private String table = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--output",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder: configuration, metrics, checkpoints.")
  private String output = "";

  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new TrainApp(), arguments), System::exit);
  }

  @Override
  public Class<? extends Record> configuration() {
    return TrainConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    TrainConfig config = Configurations.bind(TrainConfig.class, common.settings());
    try (SparkSession session = SparkSessions.start("splitmask train")) {
      return train(session, config, new TableAddress(table, catalog.file()), output, console());
    }
  }

  /** Trains in a session that the caller keeps, as {@code demo} does. */
  static Map<String, Object> train(
      SparkSession session, TrainConfig config, String table, String output) throws IOException {
    return train(session, config, TableAddress.folder(table), output, console());
  }

  static Map<String, Object> train(
      SparkSession session, TrainConfig config, TableAddress table, String output, Console console)
      throws IOException {
    RunFiles run = new RunFiles(output, session.sparkContext().hadoopConfiguration());
    Pretraining kind = new Pretraining(session, config, run);
    return new Training<>(session, kind, table, run, console).run();
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on it is never null; this runs on 17
  private static Console console() {
    Display display = System.console() == null ? Display.PLAIN_LINES : Display.TERMINAL;
    return new Console(display, System.err, System::nanoTime);
  }
}
