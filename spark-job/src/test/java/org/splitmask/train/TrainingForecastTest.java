/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.train.TrainingForecast.Pace;
import org.splitmask.train.averaging.DeltaPrecision;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.config.TrainConfig;

/** The figures of ViT-S on four workers, by hand. */
class TrainingForecastTest {
  private static final int MEGABYTE = 1_000_000;

  @Test
  void vectorsAreCountedInBytes() {
    assertThat(forecast(0).json())
        .containsEntry("parameters", 25 * MEGABYTE)
        .containsEntry("roundBytesToExecutor", 300L * MEGABYTE)
        .containsEntry("roundBytesFromWorkers", 1200L * MEGABYTE)
        .containsEntry("roundBytesToDriver", 300L * MEGABYTE)
        .containsEntry("checkpointBytes", 400L * MEGABYTE)
        .containsEntry("imagesPerUpdate", 256L)
        .doesNotContainKey("secondsLeft");
    assertThat(forecast(50).json()).containsEntry("secondsLeft", 22_032L);
  }

  @Test
  void peopleReadWhatToSet() {
    assertThat(printed(forecast(0)))
        .containsExactly(
            "1,000,000 images are left, in 400 rounds of up to 10 updates; a checkpoint after every"
                + " 10 rounds, of 400 MB",
            "25,000,000 parameters; in each round 300 MB go to each executor, and 1,200 MB come"
                + " from 4 workers",
            "a worker holds 400 MB on the heap (parameters, moments, gradient), 200 MB more while it"
                + " averages, and 2,000 MB outside of the heap (the arrays of a step); an executor"
                + " keeps up to 500 MB of pictures",
            "averaging takes about 5.1 s (2 workers), 5.1 s (4 workers), 5.1 s (8 workers), 5.4 s"
                + " (32 workers), 6.3 s (128 workers) of each round, with one worker in an executor"
                + " and a network of 10 Gbit/s",
            "settings of Spark, with one worker in an executor:",
            "  --conf spark.driver.memory=1024m",
            "  --conf spark.executor.memory=2024m",
            "  --conf spark.executor.memoryOverhead=2164m",
            "  --conf spark.driver.maxResultSize=1g");
    assertThat(printed(forecast(50)))
        .endsWith(
            "at 50.0 images per second of all workers together that takes 367 minutes, 9.2 % of it"
                + " for averaging");
  }

  /** The rounds of a run have their averaging in them. */
  @Test
  void theRateOfARunHasItsAveraging() {
    assertThat(forecast(Pace.ofRounds(50)).json()).containsEntry("secondsLeft", 20_000L);
  }

  /** 12 bytes a parameter, or 4 where moments stay at home. */
  @Test
  void averagingCostsByTheBytesThatTravel() {
    assertThat(AveragingCost.seconds(300 * MEGABYTE, 300 * MEGABYTE, 4))
        .isCloseTo(0.3 * (8.8 + 4.8 + 3.2) + 0.04, within(1e-9));
    Traffic reset = new Traffic(Moments.RESET, DeltaPrecision.FLOAT32);
    assertThat(seconds(reset)).isCloseTo(0.1 * (8.8 + 4.8 + 3.2) + 0.04, within(1e-9));
    double scales = 25.0 / 64;
    assertThat(seconds(new Traffic(Moments.RESET, DeltaPrecision.INT8)))
        .isCloseTo(0.1 * (8.8 + 4.8 + 1.6) + (0.025 + scales / 1000) * 1.6 + 0.04, within(1e-6));
  }

  private static double seconds(Traffic traffic) {
    int parameters = 25 * MEGABYTE;
    return AveragingCost.seconds(
        traffic.executorBytes(parameters), traffic.workerBytes(parameters), 4);
  }

  /** The driver's heap that {@code RoundMemoryIT} gives to ViT-L. */
  @Test
  void theDriversHeapIsThatOfTheProofs() {
    assertThat(AveragingCost.driverHeap(20 * MEGABYTE)).isEqualTo(1L << 30);
    assertThat(AveragingCost.driverHeap(337 * MEGABYTE)).isBetween(3400L << 20, 3600L << 20);
  }

  private static TrainingForecast forecast(double imagesPerSecond) {
    return forecast(Pace.ofSteps(imagesPerSecond));
  }

  private static TrainingForecast forecast(Pace pace) {
    List<String> words = List.of("workers=4", "batch-size=64");
    TrainConfig config = Configurations.bind(TrainConfig.class, KeyValues.ofWords(words));
    return new TrainingForecast(
        config.run(),
        /* round= */ 0,
        /* roundsLeft= */ 400,
        /* images= */ 100_000,
        /* imagesLeft= */ 1_000_000,
        /* parameters= */ 25 * MEGABYTE,
        new WorkerMemory(400L * MEGABYTE, 200L * MEGABYTE, 500L * MEGABYTE, 2_000L * MEGABYTE, 0),
        Traffic.WHOLE,
        pace);
  }

  private static List<String> printed(TrainingForecast forecast) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    forecast.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
