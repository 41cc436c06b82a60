/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.PrepareApp;

/**
 * What the driver holds in a round, in a process of its own with executors of their own. {@code
 * -Dsplitmask.proofs=true} adds a model of ViT-L's size, which takes some minutes, 10 GB of memory
 * and 25 GB of disk.
 */
class RoundMemoryIT {
  private static final long MEGABYTE = 1 << 20;

  /**
   * Two segments of 24 MB: one that is sent and one that comes may just be in memory at one point
   * of measuring and not at another. If the driver held but one segment of each worker, 14 workers
   * more would need 336 MB.
   */
  private static final long IN_FLIGHT = 48 * MEGABYTE;

  @TempDir private static Path folder;
  private static Launcher launcher;
  private static String sparkHome = "";
  private static String table = "";

  @BeforeAll
  static void prepare() throws IOException {
    launcher = new Launcher(folder);
    sparkHome = launcher.sparkSubmit().getParent().getParent().toString();
    TestPictures.write(folder.resolve("pictures"), 80, 24);
    table = folder.resolve("table").toString();
    try (SparkSession session = TrainingFixture.localSession()) {
      PrepareApp.prepare(
          session,
          List.of(folder.resolve("pictures").toString()),
          table,
          null,
          KeyValues.ofWords(List.of("image-size=32", "patch-size=16", "min-side=1")));
    }
  }

  /** 20 million parameters: 640 MB for the vectors of two rounds, more than all of the heap. */
  @Test
  void theDriversMemoryDoesNotDependOnTheNumberOfWorkers() {
    List<String> model = List.of("width=512", "depth=4", "heads=8", "decoder-depth=1");
    JsonNode two = train("two", 480, 1024, 2, model, true);
    JsonNode sixteen = train("sixteen", 480, 1024, 16, model, true);

    for (JsonNode run : List.of(two, sixteen)) {
      System.err.printf(
          Locale.ROOT,
          "%d workers: the driver's heap at most %d MB after %d collections%n",
          run == two ? 2 : 16,
          run.path("heap").asLong() / MEGABYTE,
          run.path("collections").asInt());
    }
    assertThat(two.path("collections").asInt()).isPositive();
    assertThat(sixteen.path("heap").asLong())
        .as("bytes of the driver's heap that are in use, 16 workers")
        .isLessThan(two.path("heap").asLong() + IN_FLIGHT);
  }

  @Test
  void aModelOfViTLsSizeGoesThroughARoundWithADriverOfFourGigabytes() {
    assumeTrue(
        Boolean.getBoolean("splitmask.proofs"),
        "skipped: a model of ViT-L's size; -Dsplitmask.proofs=true runs it");
    List<String> model = List.of("width=1024", "depth=24", "heads=16", "vocabulary=8192");
    JsonNode large = train("large", 3500, 4096, 2, model, false);

    System.err.printf(
        Locale.ROOT,
        "ViT-L's size: the driver's process at most %d MB%n",
        large.path("residentPeak").asLong() / MEGABYTE);
    assertThat(large.path("residentPeak").asLong())
        .as("all memory of the driver's process")
        .isLessThan(4096 * MEGABYTE);
  }

  /** A round with Spark's default limits. */
  private static JsonNode train(
      String run,
      int driverMegabytes,
      int executorMegabytes,
      int workers,
      List<String> model,
      boolean measureHeap) {
    String classes = Path.of("target/test-classes").toAbsolutePath().toString();
    String classPath = Launcher.appJar("spark-job") + ":" + classes;
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + driverMegabytes + "m");
    options.add("-D" + RoundMemoryApp.MEASURE_HEAP + "=" + measureHeap);
    options.add("-Dspark.master=local-cluster[2,1," + executorMegabytes + "]");
    options.add("-Dspark.executor.memory=" + executorMegabytes + "m");
    options.add("-Dspark.executor.extraClassPath=" + classPath);
    options.add("-Dspark.ui.enabled=false");
    options.add("-Dspark.driver.host=127.0.0.1");
    options.add("-Dspark.driver.bindAddress=127.0.0.1");
    List<String> words = new ArrayList<>(List.of(table, folder.resolve(run).toString()));
    words.addAll(List.of("crop-size=32", "patch-size=16", "batch-size=2", "split=uniform"));
    words.addAll(List.of("steps-per-round=1", "max-updates=1", "workers=" + workers));
    words.addAll(model);
    return launcher
        .java(
            Map.of("SPARK_HOME", sparkHome, "SPARK_SCALA_VERSION", "2.12"),
            classPath,
            options,
            RoundMemoryApp.class.getName(),
            words,
            Duration.ofMinutes(20))
        .succeeded()
        .json();
  }
}
