/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.bench.Rate;
import org.splitmask.common.bench.SteppingRival;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.engine.DeviceUse;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.ProductRate;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.StepBenchmark;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.splitmask.StepArithmetic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench train}: the step that workers take, on pictures of noise, without Spark. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description =
        "Takes training steps on pictures of noise. Reports how fast they are, beside the speed"
            + " of matrix products alone on this processor, and where the time goes. The keys"
            + " are those of train; the chosen model gives their defaults.",
    sortOptions = false)
public final class BenchTrainApp implements Callable<Map<String, Object>>, Configured {
  private static final double MEGABYTE = 1 << 20;
  private static final int WARMUP_OF_STAGES = 3;

  /** Mini-batches that the loader makes for its rate. */
  private static final int LOADED = 32;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "vit-micro, vit-tiny, vit-small or vit-base (default: ${DEFAULT-VALUE}).")
  private String model = "vit-small";

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a mini-batch (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Native threads (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Steps that count; the median is the result. Default: ${DEFAULT-VALUE}.")
  private int runs = 7;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description =
          "Warm-up steps before those, while the virtual machine still compiles. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmup = 5;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description =
          "A program to compare with. It takes a step after each of ours, so that both meet the"
              + " same load of the machine. It is given --width, --depth, --heads,"
              + " --image-side, --patch-side, --vocabulary, --batch and --threads, and answers"
              + " each line that it reads with a line of JSON that has imagesPerSecond.")
  private @Nullable String beside;

  @Mixin private CommonOptions common = new CommonOptions();

  @Override
  public Class<? extends Record> configuration() {
    return TrainConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Check.that(runs >= 1, "--runs must be at least 1, was %d", runs);
    Check.that(warmup >= 0, "--warmup must not be negative, was %d", warmup);
    Check.that(batch >= 2, "--batch must be at least 2, was %d", batch);
    KeyValues chosen =
        KeyValues.ofWords(List.of("batch-size=" + batch, "threads=" + threads, "workers=1"));
    TrainConfig config =
        Configurations.bind(
            TrainConfig.class, common.settings().over(chosen.over(modelKeys(model))));
    SplitMaskTask task = config.benchmarkTask();
    TrainerSettings<SplitMaskBatch> settings = config.trainerSettings(task, 1);
    int pictureBytes = task.input().stored().bytes();
    try (StepBenchmark<SplitMaskBatch> benchmark =
        new StepBenchmark<>(settings, config.run().batchSize(), pictureBytes, System::nanoTime)) {
      return measure(config, task, benchmark);
    }
  }

  private Map<String, Object> measure(
      TrainConfig config, SplitMaskTask task, StepBenchmark<?> benchmark) throws IOException {
    ProductRate before = benchmark.products();
    for (int i = 0; i < warmup; i++) {
      benchmark.step();
    }
    List<Double> rates = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (SteppingRival rival = beside == null ? null : new SteppingRival(besideOf(task))) {
      if (rival != null) {
        rival.imagesPerSecond(); // it has started and warmed up when it answers
      }
      for (int i = 0; i < runs; i++) {
        rates.add(batch / benchmark.step());
        if (rival != null) {
          ratios.add(rates.get(i) / rival.imagesPerSecond());
        }
      }
    }
    DeviceUse use = benchmark.use();
    ProductRate after = benchmark.products();
    ProductRate best = before.gigaflops() > after.gigaflops() ? before : after;
    return report(config, task, rates, ratios, best, use, benchmark);
  }

  /** The keys of a model's file in conf, which the jar has. */
  static KeyValues modelKeys(String model) throws IOException {
    String file = "/" + model + ".yaml";
    try (InputStream stream = BenchTrainApp.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw Check.failure(
            Blame.USER,
            "--model must be vit-micro, vit-tiny, vit-small or vit-base, was '%s'",
            model);
      }
      return KeyValues.ofYaml(stream, "conf" + file);
    }
  }

  /** The other program's command line. */
  private String besideOf(SplitMaskTask task) {
    NetworkShape shape = task.shape();
    return String.format(
        Locale.ROOT,
        "%s --width %d --depth %d --heads %d --image-side %d --patch-side %d --vocabulary %d"
            + " --batch %d --threads %d",
        beside,
        shape.width(),
        shape.depth(),
        shape.heads(),
        task.input().cropSize(),
        task.input().patchSize(),
        task.objective().vocabulary(),
        batch,
        threads);
  }

  private Map<String, Object> report(
      TrainConfig config,
      SplitMaskTask task,
      List<Double> rates,
      List<Double> ratios,
      ProductRate products,
      DeviceUse use,
      StepBenchmark<?> benchmark) {
    int images = config.run().batchSize();
    double median = Rate.median(rates);
    double operations =
        new StepArithmetic(task.shape(), task.objective(), images, task.batches().splitter().kept())
            .operations();
    double gigaflops = operations / images * median / 1e9;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("imagesPerSecond", Rate.rounded(median));
    json.put("runs", rates.stream().map(Rate::rounded).toList());
    json.put("batch", images);
    json.put("threads", config.run().threads(1));
    json.put("library", products.library());
    json.put("engine", word(config.engine().engine()));
    json.put("device", word(config.engine().device()));
    json.put("precision", word(config.engine().precision()));
    json.put("gigaflopsPerSecond", Rate.rounded(gigaflops));
    json.put("gemmGigaflopsPerSecond", Rate.rounded(products.gigaflops()));
    json.put("shareOfGemm", Rate.rounded(gigaflops / products.gigaflops()));
    if (config.engine().precision() == Precision.FLOAT32) { // the names that these had before
      json.put("sgemmGigaflopsPerSecond", Rate.rounded(products.gigaflops()));
      json.put("shareOfSgemm", Rate.rounded(gigaflops / products.gigaflops()));
    }
    say(
        "%.2f images/s, %.1f GFLOP/s, %.0f %% of the %.1f GFLOP/s of matrix products alone",
        median, gigaflops, 100 * gigaflops / products.gigaflops(), products.gigaflops());
    if (!ratios.isEmpty()) {
      json.put("ratio", Rate.rounded(Rate.median(ratios)));
      json.put("ratios", ratios.stream().map(Rate::rounded).toList());
      say("%.2f of: %s", Rate.median(ratios), String.valueOf(beside));
    }
    json.put("copiedBytesPerStep", use.copiedBytes() / (warmup + runs));
    int steps = Math.max(4, runs);
    Pace pace = benchmark.withData(steps);
    json.put("imagesPerSecondWithData", Rate.rounded(steps * images / pace.seconds()));
    json.put("waitingShare", Rate.rounded(pace.waiting() / pace.seconds()));
    json.put("loaderThreads", config.input().loading().threads());
    json.put("loaderImagesPerSecond", Rate.rounded(benchmark.loaderRate(LOADED)));
    json.put("stages", stages(benchmark));
    json.put("stepMegabytes", Rate.rounded(benchmark.memory() / MEGABYTE));
    json.put("peakDeviceMegabytes", Rate.rounded(use.peakBytes() / MEGABYTE));
    json.put("peakHeapMegabytes", Rate.rounded(peakHeap() / MEGABYTE));
    json.put("residentMegabytes", Rate.rounded(Pointer.physicalBytes() / MEGABYTE));
    return json;
  }

  /** Milliseconds of one step by kernel; the rest is the optimizer, copies and small operations. */
  private static Map<String, Double> stages(StepBenchmark<?> benchmark) {
    for (int i = 0; i < WARMUP_OF_STAGES; i++) {
      benchmark.kernels(); // watching is compiled too
    }
    long start = System.nanoTime();
    Map<String, Long> kernels = benchmark.kernels();
    double all = (System.nanoTime() - start) / 1e6;
    Map<String, Double> stages = new LinkedHashMap<>();
    double rest = all;
    for (Map.Entry<String, Long> kernel : kernels.entrySet()) {
      double millis = kernel.getValue() / 1e6;
      stages.put(kernel.getKey(), Rate.rounded(millis));
      rest -= millis;
    }
    stages.put("optimizer, copies, other", Rate.rounded(rest));
    say("milliseconds of one step:");
    stages.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(
            stage ->
                say(
                    "  %-34s %8.1f  %3.0f %%",
                    stage.getKey(), stage.getValue(), 100 * stage.getValue() / all));
    return stages;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(java.lang.management.MemoryUsage::getUsed)
        .sum();
  }

  private static void say(String line, Object... values) {
    System.err.println(String.format(Locale.ROOT, line, values));
  }
}
