/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.bench.Rate;
import org.splitmask.common.bench.Rival;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.common.session.SparkSessions;
import org.splitmask.prep.bench.Profile;
import org.splitmask.prep.bench.Stage;
import org.splitmask.prep.bench.TaskSampler;
import org.splitmask.prep.config.PrepareConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench prepare}: the whole job, from bytes on disk to a committed table, again and again.
 */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Prepares the pictures into a temporary table several times in one session, after"
            + " warm-up runs that do not count. Reports how fast it was and where the time"
            + " went.",
    sortOptions = false)
public final class BenchPrepareApp implements Callable<Map<String, Object>>, Configured {
  private static final int HOTTEST = 12;
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "As for prepare; may be given several times.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs that count; the median is the result. Default: ${DEFAULT-VALUE}.")
  private int runs = 5;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description =
          "Warm-up runs before those, while the virtual machine still compiles: with 2000"
              + " pictures, the tenth run is a third faster than the second. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmup = 3;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description =
          "A program to compare with, which uses one core. It runs after each of our runs, so"
              + " that both meet the same load of the machine. Its last line must be JSON with"
              + " imagesPerSecond. May be given several times.")
  private List<String> beside = new ArrayList<>();

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Class<? extends Record> configuration() {
    return PrepareConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Check.that(runs >= 1, "--runs must be at least 1, was %d", runs);
    Check.that(warmup >= 0, "--warmup must not be negative, was %d", warmup);
    KeyValues settings = common.settings();
    Configurations.bind(PrepareConfig.class, settings);
    try (SparkSession session = SparkSessions.start("splitmask bench prepare")) {
      int cores = session.sparkContext().defaultParallelism();
      for (int i = 0; i < warmup; i++) {
        run(session, settings);
      }
      List<Run> measured = new ArrayList<>();
      Map<String, List<Double>> rivals = new LinkedHashMap<>();
      for (int i = 0; i < runs; i++) {
        measured.add(run(session, settings));
        for (String command : beside) {
          double speed = new Rival(command).imagesPerSecond();
          rivals.computeIfAbsent(command, unused -> new ArrayList<>()).add(speed);
        }
      }
      TaskSampler sampler = new TaskSampler(System::nanoTime);
      Run profiled;
      try (sampler) {
        profiled = run(session, settings);
      }
      return report(cores, measured, rivals, profiled, sampler.profile());
    }
  }

  /**
   * One run of prepare.
   *
   * @param cpuSeconds of the process, with the compiler and the garbage collector
   */
  private record Run(long images, double seconds, double cpuSeconds) {
    double rate() {
      return images / seconds;
    }

    double cpuMillisPerImage() {
      return 1e3 * cpuSeconds / images;
    }
  }

  private Run run(SparkSession session, KeyValues settings) throws IOException {
    Path folder = Files.createTempDirectory("splitmask-bench");
    try {
      long start = System.nanoTime();
      long cpuStart = PROCESS.getProcessCpuTime();
      Map<String, Object> result =
          PrepareApp.prepare(session, inputs, folder.resolve("table").toString(), null, settings);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = (PROCESS.getProcessCpuTime() - cpuStart) / 1e9;
      Object accepted = Check.present(result.get("accepted"), "prepare counts what it accepted");
      return new Run(((Number) accepted).longValue(), seconds, cpuSeconds);
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static Map<String, Object> report(
      int cores,
      List<Run> measured,
      Map<String, List<Double>> rivals,
      Run profiled,
      Profile profile) {
    List<Double> rates = measured.stream().map(Run::rate).toList();
    double median = Rate.median(rates);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("imagesPerSecond", Rate.rounded(median));
    json.put("imagesPerSecondPerCore", Rate.rounded(median / cores));
    json.put("cores", cores);
    json.put("images", profiled.images());
    json.put("runs", rates.stream().map(Rate::rounded).toList());
    double cpuMillis = Rate.median(measured.stream().map(Run::cpuMillisPerImage).toList());
    json.put("cpuMillisPerImage", Rate.rounded(cpuMillis));
    say(
        "%d images on %d cores: %.1f images/s, %.1f a core, %.2f ms of processor time for each",
        profiled.images(), cores, median, median / cores, cpuMillis);
    json.put("beside", beside(cores, rates, rivals));
    json.put("stages", stages(cores, profiled, profile));
    return json;
  }

  private static List<Map<String, Object>> beside(
      int cores, List<Double> rates, Map<String, List<Double>> rivals) {
    List<Map<String, Object>> compared = new ArrayList<>();
    rivals.forEach(
        (command, speeds) -> {
          List<Double> ratios = new ArrayList<>();
          for (int i = 0; i < rates.size(); i++) {
            ratios.add(rates.get(i) / cores / speeds.get(i));
          }
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("command", command);
          json.put("imagesPerSecond", Rate.rounded(Rate.median(speeds)));
          json.put("ratioPerCore", Rate.rounded(Rate.median(ratios)));
          json.put("ratios", ratios.stream().map(Rate::rounded).toList());
          compared.add(json);
          say("%.2f of: %s (%.1f images/s)", Rate.median(ratios), command, Rate.median(speeds));
        });
    return compared;
  }

  /** Milliseconds of a core for each image; waiting: a core without a task (listing, commit). */
  private static Map<String, Double> stages(int cores, Run run, Profile profile) {
    Map<String, Double> stages = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      stages.put(stage.word(), Rate.rounded(profile.nanos(stage) / 1e6 / run.images()));
    }
    double all = 1e3 * cores * run.seconds() / run.images();
    stages.put("waiting", Rate.rounded(Math.max(0, all - profile.nanos() / 1e6 / run.images())));
    say("milliseconds of one core for each image, from a separate run:");
    stages.forEach(
        (stage, millis) -> say("  %-12s %6.3f  %3.0f %%", stage, millis, 100 * millis / all));
    say("the innermost methods:");
    for (Map.Entry<String, Long> method : profile.hottest(HOTTEST)) {
      double millis = method.getValue() / 1e6 / run.images();
      say("  %6.3f  %3.0f %%  %s", millis, 100 * millis / all, method.getKey());
    }
    return stages;
  }

  private static void say(String line, Object... values) {
    System.err.println(String.format(Locale.ROOT, line, values));
  }
}
