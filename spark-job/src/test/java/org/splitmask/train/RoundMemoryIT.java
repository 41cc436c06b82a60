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
   * Three segments of 24 MB may be in use more or less, as collections happen to come. If the
   * driver held but one segment of each worker, 14 workers more would need 336 MB.
   */
  private static final long IN_FLIGHT = 72 * MEGABYTE;

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
    JsonNode two = train("two", 480, 1024, 2, model);
    JsonNode sixteen = train("sixteen", 480, 1024, 16, model);

    tell("2 workers", two);
    tell("16 workers", sixteen);
    assertThat(sixteen.path("heapAfterCollection").asLong())
        .as("bytes of the driver's heap that are in use after a collection, 16 workers")
        .isLessThan(two.path("heapAfterCollection").asLong() + IN_FLIGHT);
  }

  @Test
  void aModelOfViTLsSizeGoesThroughARoundWithADriverOfFourGigabytes() {
    assumeTrue(
        Boolean.getBoolean("splitmask.proofs"),
        "skipped: a model of ViT-L's size; -Dsplitmask.proofs=true runs it");
    List<String> model = List.of("width=1024", "depth=24", "heads=16", "vocabulary=8192");
    JsonNode large = train("large", 3500, 4096, 2, model);

    tell("ViT-L, 2 workers", large);
    assertThat(large.path("residentPeak").asLong())
        .as("all memory of the driver's process")
        .isLessThan(4096 * MEGABYTE);
  }

  private static void tell(String what, JsonNode json) {
    System.err.printf(
        Locale.ROOT,
        "%s: the driver's heap after collections at most %d MB, its process at most %d MB%n",
        what,
        json.path("heapAfterCollection").asLong() / MEGABYTE,
        json.path("residentPeak").asLong() / MEGABYTE);
  }

  /** A round with Spark's default limits. */
  private static JsonNode train(
      String run, int driverMegabytes, int executorMegabytes, int workers, List<String> model) {
    String classes = Path.of("target/test-classes").toAbsolutePath().toString();
    String classPath = Launcher.appJar("spark-job") + ":" + classes;
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + driverMegabytes + "m");
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
