/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.PatchTable;

/** What {@code plan} says beforehand is what the training then comes to. */
class TrainingForecastIT extends TrainingFixture {
  @Test
  void theForecastOfANewRunComesTrue() throws IOException, TimeoutException {
    Path run = folder.resolve("new");
    JsonNode forecast = forecast(run, "epochs=2").succeeded().json();
    assertThat(run).doesNotExist();

    AtomicLong shuffled = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            shuffled.addAndGet(
                stage.stageInfo().taskMetrics().shuffleWriteMetrics().bytesWritten());
          }
        };
    session.sparkContext().addSparkListener(listener);
    Map<String, Object> result = train(run.toString(), "epochs=2");
    session.sparkContext().listenerBus().waitUntilEmpty(60_000);
    session.sparkContext().removeSparkListener(listener);

    assertThat(forecast.path("round").asInt()).isZero();
    assertThat(forecast.path("roundsLeft").asInt()).isEqualTo(result.get("rounds"));
    assertThat(forecast.path("imagesLeft").asLong()).isEqualTo(result.get("images"));
    assertThat(forecast.path("parameters").asInt()).isEqualTo(parameters(run.toString()).length);
    assertThat(forecast.has("secondsLeft")).as("a time that nothing tells").isFalse();
    long rounds = forecast.path("roundsLeft").asLong();
    // Weights and moments hardly shrink when Spark compresses them.
    assertThat(shuffled.get())
        .isCloseTo(
            rounds * forecast.path("roundBytesFromWorkers").asLong(), withinPercentage(15.0));
    assertThat(bytesOfTheNewestVectors(run))
        .isCloseTo(forecast.path("checkpointBytes").asLong(), withinPercentage(10.0));
  }

  @Test
  void aRunThatIsThereIsForetoldFromItsCheckpoint() throws IOException {
    Path run = folder.resolve("there");
    Map<String, Object> before = train(run.toString(), "epochs=2");
    String metrics = Files.readString(run.resolve("metrics.jsonl"));

    assertThat(forecast(run, "epochs=5", "--images-per-second", "1e9").json().path("secondsLeft"))
        .as("a rate that is given counts")
        .hasToString("0");
    assertThat(forecast(run, "epochs=2").succeeded().json().path("roundsLeft").asInt()).isZero();
    JsonNode shorter = forecast(run, "epochs=5", "max-images=1").succeeded().json();
    assertThat(shorter.path("imagesLeft").asLong()).as("of a run that is over").isZero();
    assertThat(shorter.path("roundsLeft").asInt()).isZero();
    CommandOutcome longer = forecast(run, "epochs=5").succeeded();
    assertThat(longer.json().path("round").asInt()).isEqualTo(before.get("rounds"));
    assertThat(longer.json().path("imagesLeft").asLong()).isEqualTo(3L * trainImages());
    assertThat(longer.json().has("secondsLeft")).isTrue();
    CommandOutcome other = forecast(run, "epochs=5", "seed=7");
    assertThat(other.exitCode()).as(other.err()).isEqualTo(2);
    assertThat(run.resolve("metrics.jsonl")).hasContent(metrics);

    int rounds = (int) train(run.toString(), "epochs=5").get("rounds");
    assertThat(longer.json().path("roundsLeft").asInt())
        .isEqualTo(rounds - (int) before.get("rounds"));
  }

  @Test
  void withoutARunItIsThatOfANewOne() {
    List<String> words = new ArrayList<>(SMALL);
    words.addAll(List.of("--table", table, "epochs=2", "workers=2", "--images-per-second", "10"));
    JsonNode json =
        CommandOutcome.of(new PlanApp(), words.toArray(String[]::new)).succeeded().json();
    assertThat(json.path("secondsLeft").asLong())
        .isEqualTo(Math.round(2 * trainImages() / (2 * 10.0)));
  }

  @Test
  void picturesThatAreSmallerThanTheModelsInputAreSaid() {
    try (PatchTable patches = PatchTable.open(table, new Configuration())) {
      assertThat(config("crop-size=24").advice(patches.snapshot())).isEmpty();
      assertThat(config("crop-size=32").advice(patches.snapshot()).orElseThrow())
          .contains("have 24 px and crop-size is 32", "image-size=32 or more");
    }
  }

  @Test
  void whatTrainingWouldRefuseIsRefused() {
    CommandOutcome outcome = forecast(folder.resolve("wrong"), "workers=60");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(outcome.err()).contains("60 workers need at least 120");
  }

  private static long bytesOfTheNewestVectors(Path run) throws IOException {
    try (var folders = Files.list(run.resolve("checkpoints"))) {
      Path newest = folders.sorted().reduce((one, next) -> next).orElseThrow();
      try (var files = Files.list(newest)) {
        return files
            .filter(file -> file.toString().endsWith(".safetensors"))
            .mapToLong(file -> file.toFile().length())
            .sum();
      }
    }
  }

  private static CommandOutcome forecast(Path run, String... settings) {
    List<String> words = new ArrayList<>(SMALL);
    words.addAll(List.of("--table", table, "--output", run.toString()));
    words.addAll(List.of(settings));
    return CommandOutcome.of(new PlanApp(), words.toArray(String[]::new));
  }
}
