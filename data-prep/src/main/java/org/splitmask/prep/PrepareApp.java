/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.config.PrepareConfig;
import org.splitmask.prep.stage.PrepareRequest;
import org.splitmask.prep.stage.PrepareResult;
import org.splitmask.prep.stage.PrepareStage;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableStatistics;
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
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      arity = "1..*",
      description =
          "Folders of pictures, searched to any depth; single files; globs (in quotes); tar, tar.gz"
              + " and zip archives; Parquet files and folders of Iceberg tables with a column of"
              + " bytes; a .txt or .lst file that lists paths. On local disk, HDFS and s3a. Names"
              + " that begin with . or _ are not seen.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "TABLE",
      required = true,
      description = "The table's folder; an existing table's pictures are replaced in one commit.")
  private String output = "";

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Tab-separated path (relative to the input), label and split (train, validation, test);"
              + " without it what the source says itself (sidecars, columns), or else the folder, is"
              + " the label, and splits that nothing says are drawn by hash.")
  private @Nullable String labels;

  @Mixin private CommonOptions common = new CommonOptions();

  public static void main(String[] arguments) {
    System.exit(new CommandRunner(System.out, System.err).run(new PrepareApp(), arguments));
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
    return prepare(session, new PrepareRequest(inputs, output, labels, config, newRunId()));
  }

  @Override
  public Class<? extends Record> configuration() {
    return PrepareConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    List<String> words = inputs.stream().filter(PrepareApp::isSetting).toList();
    List<String> paths = inputs.stream().filter(w -> !words.contains(w)).toList();
    PrepareConfig config = Configurations.bind(PrepareConfig.class, common.settings(words));
    try (SparkSession session = SparkSessions.start("splitmask prepare")) {
      return prepare(session, new PrepareRequest(paths, output, labels, config, newRunId()));
    }
  }

  /** A word that {@code --input} swallowed, unless there is a folder of that name (year=2026). */
  private static boolean isSetting(String word) {
    return SETTING.matcher(word).matches() && !Files.exists(Path.of(word));
  }

  private static Map<String, Object> prepare(SparkSession session, PrepareRequest request)
      throws IOException {
    LOG.info("run {}: {}", request.runId(), request.config().effective());
    Console console = new Console(display(), System.err, System::nanoTime);
    long start = System.nanoTime();
    PrepareResult result = new PrepareStage(session, request, console).run();
    return json(request, result, (System.nanoTime() - start) / 1e9);
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on it is never null; this runs on 17
  private static Display display() {
    return System.console() == null ? Display.PLAIN_LINES : Display.TERMINAL;
  }

  private static Map<String, Object> json(
      PrepareRequest request, PrepareResult result, double seconds) {
    TableStatistics statistics = result.snapshot().statistics();
    Map<String, Object> images = new LinkedHashMap<>();
    for (Split split : Split.values()) {
      images.put(split.word(), statistics.images(split));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("found", result.found());
    json.put("accepted", result.accepted());
    json.put("rejected", result.rejected());
    json.put("duplicates", result.duplicates());
    json.put("unchanged", 0);
    json.put("removed", 0);
    json.put("replaced", result.replaced());
    json.put("snapshot", result.snapshot().snapshotId());
    json.put("imagesPerSecond", Math.round(10 * result.accepted() / seconds) / 10.0);
    json.put("seconds", Math.round(1000 * seconds) / 1000.0);
    json.put("rejectedByReason", result.rejectedByReason());
    json.put("images", images);
    json.put("pixelMean", statistics.pixelMean());
    json.put("pixelStd", statistics.pixelStd());
    json.put("run", request.runId());
    json.put("fingerprint", request.config().fingerprint());
    json.put("table", result.snapshot().location());
    return json;
  }

  /** Sorts by time, and is unique: file names begin with it. */
  private static String newRunId() {
    return RUN_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }
}
