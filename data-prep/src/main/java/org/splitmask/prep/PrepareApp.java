/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.CatalogOption;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.HadoopSettings;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.maintenance.CleanResult;
import org.splitmask.prep.maintenance.TableCleaner;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareResult;
import org.splitmask.prep.stage.PrepareStage;
import org.splitmask.prep.stage.compare.RerunPolicy;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.write.TableMaintenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code prepare}: pictures from any source become a patch table. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = "Decodes pictures, cuts them into patches and commits them as a table.",
    sortOptions = false)
public final class PrepareApp implements Callable<Map<String, Object>>, Configured {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareApp.class);
  private static final Pattern SETTING = Pattern.compile("[a-z][a-z0-9-]*=.*");
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Option(
      names = "--input",
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Folders of pictures, searched to any depth; single files; globs (in quotes); tar"
              + " archives (also compressed) and zip archives; Parquet files and folders of"
              + " Iceberg tables with a column of bytes; text files that list paths (*.txt or *.lst)."
              + " On local disk, HDFS and s3a. Names that begin with a dot, and files known not"
              + " to be pictures, are counted but not opened. See docs/sources.md.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "TABLE",
      required = true,
      description =
          "The table's folder, or its name in a catalog; an existing table is brought up to date in"
              + " one commit.")
  private String output = "";

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "A text file with one picture per line: path (relative to the input), label and split"
              + " (train, validation, test), with tabs between them. Without it, labels come"
              + " from the source (sidecar files, columns) or else from the folder; splits that"
              + " nothing gives are drawn by hash.")
  private @Nullable String labels;

  @Option(
      names = "--clean",
      description =
          "Merges small data files, removes snapshots older than --keep-days, and deletes files"
              + " that no snapshot needs. Runs after preparing, or alone without --input.")
  private boolean clean;

  @Option(
      names = "--keep-days",
      paramLabel = "DAYS",
      defaultValue = "7",
      description =
          "How many days --clean keeps snapshots (default: 7). A training run needs the snapshot"
              + " that it began with.")
  private int keepDays;

  @Mixin private RerunOptions rerun = new RerunOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new PrepareApp(), arguments), System::exit);
  }

  /**
   * Prepares in a session that the caller keeps, as {@code demo} does.
   *
   * @param settings over the defaults
   * @return the result as the command prints it
   */
  public static Map<String, Object> prepare(
      SparkSession session,
      List<String> inputs,
      String output,
      @Nullable String labels,
      KeyValues settings)
      throws IOException {
    PrepareConfig config = Configurations.bind(PrepareConfig.class, settings);
    RerunPolicy policy = RerunPolicy.INCREMENTAL;
    TableAddress table = TableAddress.folder(output);
    return prepare(
        session,
        new PrepareRequest(inputs, table, labels, config, policy, newRunId(), Instant.now()));
  }

  @Override
  public Class<? extends Record> configuration() {
    return PrepareConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    List<String> words = inputs.stream().filter(PrepareApp::isSetting).toList();
    List<String> paths = inputs.stream().filter(w -> !words.contains(w)).toList();
    Check.that(clean || !paths.isEmpty(), "no input; give --input PATH (or --clean alone)");
    Check.that(keepDays >= 0, "--keep-days must be at least 0, was %d", keepDays);
    PrepareConfig config = Configurations.bind(PrepareConfig.class, common.settings(words));
    String labelFile = labels == null ? null : HadoopSettings.file(labels).toString();
    PrepareRequest request =
        new PrepareRequest(
            paths, table(), labelFile, config, rerun.policy(), newRunId(), Instant.now());
    try (SparkSession session = SparkSessions.start("splitmask prepare")) {
      if (rerun.isDryRun()) {
        return PrepareReport.json(
            new PrepareStage(session, request, console()).dryRun(), System.err);
      }
      Map<String, Object> result = new LinkedHashMap<>();
      if (!paths.isEmpty()) {
        result.putAll(prepare(session, request));
      }
      if (clean) {
        result.put("clean", clean(session));
      }
      return result;
    }
  }

  private TableAddress table() {
    return new TableAddress(output, catalog.file());
  }

  private Map<String, Object> clean(SparkSession session) {
    Configuration hadoop = session.sessionState().newHadoopConf();
    try (TableHome home = table().home(hadoop);
        TableMaintenance table = TableMaintenance.begin(home, newRunId(), hadoop)) {
      CleanResult result =
          new TableCleaner(session, table, Instant.now()).clean(Duration.ofDays(keepDays));
      return PrepareReport.json(result, System.err);
    }
  }

  /** A word that {@code --input} swallowed, unless there is a folder of that name (year=2026). */
  private static boolean isSetting(String word) {
    return SETTING.matcher(word).matches() && !Files.exists(Path.of(word));
  }

  private static Map<String, Object> prepare(SparkSession session, PrepareRequest request)
      throws IOException {
    LOG.info("run {}: {}", request.runId(), request.config().effective());
    long start = System.nanoTime();
    PrepareResult result = new PrepareStage(session, request, console()).run();
    PrepareReport.print(request, result, System.err);
    return PrepareReport.json(request, result, (System.nanoTime() - start) / 1e9);
  }

  private static Console console() {
    return new Console(display(), System.err, System::nanoTime);
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on it is never null; this runs on 17
  private static Display display() {
    return System.console() == null ? Display.PLAIN_LINES : Display.TERMINAL;
  }

  /** Sorts by time, and is unique: file names begin with it. */
  private static String newRunId() {
    return RUN_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
