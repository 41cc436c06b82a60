/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.tensors.SafeTensors;

/** The commands as people and scripts see them: exit codes, the last line of standard output. */
class CommandsIT {
  private static final List<String> SMALL =
      List.of("epochs=2", "width=24", "depth=1", "decoder-depth=1", "batch-size=16");

  @TempDir private static Path folder;
  private static CommandOutcome demo = new CommandOutcome(-1, "", "");

  @BeforeAll
  static void runTheDemo() {
    demo = demo();
    assertThat(demo.exitCode()).as(demo.err()).isZero();
  }

  @Test
  void theDemoEndsWithTheDocumentedFigures() throws IOException {
    JsonNode json = demo.json();
    for (String probe : List.of("knn", "linear")) {
      for (String features : List.of("trained", "random", "pixels", "histogram")) {
        assertThat(json.at("/" + probe + "/" + features).asDouble(-1)).isBetween(0.0, 1.0);
      }
    }
    for (String loss : List.of("inpaint", "match")) {
      assertThat(json.at("/" + loss + "/first").asDouble()).isPositive();
      assertThat(json.at("/" + loss + "/last").asDouble()).isPositive();
    }
    assertThat(json.at("/imagesPerSecond").asDouble()).isPositive();
    assertThat(json.at("/prepare/accepted").asInt()).isEqualTo(120);
    assertThat(json.at("/images").asInt()).isEqualTo(2 * json.at("/trainImages").asInt());
  }

  @Test
  void theDemoAgainFindsItsWorkDone() throws IOException {
    String before = Files.readString(folder.resolve("demo/run/metrics.jsonl"));
    CommandOutcome again = demo();

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.json().at("/linear")).isEqualTo(demo.json().at("/linear"));
    assertThat(folder.resolve("demo/run/metrics.jsonl")).hasContent(before);
  }

  @Test
  void theDemoTakesAnotherObjective() throws IOException {
    String output = folder.resolve("beit").toString();
    CommandOutcome outcome =
        CommandOutcome.of(
            new DemoApp(),
            "--output",
            output,
            "--pictures",
            "60",
            "split=none",
            "epochs=1",
            "width=24",
            "depth=1");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.json().at("/inpaint/last").asDouble()).isPositive();
    assertThat(outcome.json().has("match")).isFalse();
  }

  /** Larger inputs for the same encoder, and what its positions become in the file. */
  @Test
  void anEncoderIsUsedAtAnotherResolution() throws IOException {
    Path file = folder.resolve("larger.safetensors");
    CommandOutcome exported =
        CommandOutcome.of(
            new ExportApp(),
            "--run",
            runFolder(),
            "--output",
            file.toString(),
            "--crop-size",
            "64");

    assertThat(exported.exitCode()).as(exported.err()).isZero();
    SafeTensors encoder = tensors(file);
    assertThat(encoder.metadata()).containsEntry("image-side", "64");
    assertThat(encoder.metadata()).containsEntry("position-grid", "6");
    assertThat(encoder.tensor("positions.table").shape()).containsExactly(64, 24);
  }

  @Test
  void benchTrainSaysHowFastAStepIsAndWhereItsTimeGoes() throws IOException {
    CommandOutcome outcome =
        CommandOutcome.of(
            new BenchApp(),
            "train",
            "--model",
            "vit-micro",
            "--batch",
            "4",
            "--runs",
            "3",
            "--warmup",
            "0",
            "--beside",
            "while read line; do echo '{\"imagesPerSecond\": 1000}'; done; true",
            "depth=1",
            "decoder-depth=1");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = outcome.json();
    assertThat(json.at("/runs")).hasSize(3);
    assertThat(json.at("/imagesPerSecond").asDouble()).isPositive();
    assertThat(json.at("/imagesPerSecondWithData").asDouble()).isPositive();
    assertThat(json.at("/sgemmGigaflopsPerSecond").asDouble()).isGreaterThan(1);
    assertThat(json.at("/shareOfSgemm").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.at("/shareOfGemm")).isEqualTo(json.at("/shareOfSgemm"));
    assertThat(json.at("/loaderImagesPerSecond").asDouble()).isPositive();
    assertThat(json.at("/copiedBytesPerStep").asLong(-1)).as("nothing goes elsewhere").isZero();
    assertThat(json.at("/stages").fieldNames())
        .toIterable()
        .contains("attention forward", "attention backward", "cross-entropy")
        .contains("linear 144×96→384 and GELU forward", "GELU and linear 144×384→96 backward")
        .contains("linear 144×192→96 forward"); // the embedding of 4·36 patches of 8·8·3 values
    assertThat(json.at("/library").asText()).matches("(oneDNN|OpenBLAS) .*");
    assertThat(json.at("/ratios")).hasSize(3);
    assertThat(json.at("/ratios/1").asDouble())
        .isCloseTo(json.at("/runs/1").asDouble() / 1000, within(1e-3));
    assertRefused(
        CommandOutcome.of(new BenchApp(), "train", "--model", "vit-huge"),
        2,
        "--model",
        "vit-huge");
    assertRefused(
        CommandOutcome.of(
            new BenchApp(), "train", "--model", "vit-micro", "--warmup", "0", "--beside", "true;"),
        2,
        "'true;",
        "ended before it had taken its step");
    assertRefused(
        CommandOutcome.of(new BenchApp()), 2, "bench prepare, bench train or bench parity");
  }

  @Test
  void theEvaluationStaysWithTheRun() throws IOException {
    JsonNode stored =
        new ObjectMapper().readTree(folder.resolve("demo/run/evaluation.json").toFile());
    assertThat(stored.at("/linear")).isEqualTo(demo.json().at("/linear"));
    assertThat(stored.at("/knn")).isEqualTo(demo.json().at("/knn"));
  }

  @Test
  void theExportedEncoderIsTheCheckpointsEncoder() throws IOException {
    Path file = folder.resolve("encoder.safetensors");
    CommandOutcome outcome =
        CommandOutcome.of(new ExportApp(), "--run", runFolder(), "--output", file.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();

    SafeTensors encoder = tensors(file);
    String checkpoint =
        Path.of(demo.json().at("/checkpoint").asText().replace("file:", "")).toString();
    Map<String, SafeTensors.Tensor> whole =
        tensors(Path.of(checkpoint, "parameters.safetensors")).tensors();
    assertThat(encoder.metadata()).containsEntry("width", "24").containsEntry("depth", "1");
    assertThat(encoder.tensors().keySet())
        .containsExactlyInAnyOrderElementsOf(
            whole.keySet().stream()
                .filter(name -> name.matches("(embedding|positions|encoder)\\..*"))
                .toList());
    encoder
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.floats()).as(name).isEqualTo(whole.get(name).floats()));
  }

  /** The run has one checkpoint, which is the best, too. */
  @Test
  void evaluateAndExportTakeTheCheckpointThatIsNamed() throws IOException {
    String table = folder.resolve("demo/table").toString();
    String rounds = demo.json().at("/rounds").asText();
    Path kept = folder.resolve("demo/run/evaluation-round-" + rounds + ".json");

    CommandOutcome evaluated =
        CommandOutcome.of(
            new EvaluateApp(), "--run", runFolder(), "--table", table, "--checkpoint", "best");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    assertThat(evaluated.json().at("/round").asText()).isEqualTo(rounds);
    assertThat(new ObjectMapper().readTree(kept.toFile()).at("/linear"))
        .isEqualTo(demo.json().at("/linear"));

    String file = folder.resolve("named.safetensors").toString();
    String[] export = {"--run", runFolder(), "--output", file, "--checkpoint", rounds};
    CommandOutcome exported = CommandOutcome.of(new ExportApp(), export);
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(exported.json().at("/round").asText()).isEqualTo(rounds);

    export[export.length - 1] = "999";
    assertRefused(
        CommandOutcome.of(new ExportApp(), export),
        2,
        "has no checkpoint of round 999; it has those of the rounds [" + rounds + "]");
    export[export.length - 1] = "newest";
    assertRefused(CommandOutcome.of(new ExportApp(), export), 2, "must be latest, best or the");
  }

  @Test
  void inspectTellsARunFromATable() throws IOException {
    JsonNode run = CommandOutcome.of(new InspectApp(), runFolder()).json();
    assertThat(run.at("/configuration/width").asText()).isEqualTo("24");
    assertThat(run.at("/checkpoints").size()).isEqualTo(1);
    assertThat(run.at("/bestCheckpoint")).isEqualTo(run.at("/checkpoints/0"));
    assertThat(run.at("/evaluation/linear")).isEqualTo(demo.json().at("/linear"));

    JsonNode table =
        CommandOutcome.of(new InspectApp(), folder.resolve("demo/table").toString()).json();
    assertThat(table.at("/images/train").asInt()).isEqualTo(demo.json().at("/trainImages").asInt());
  }

  @Test
  void refusalsSayWhatAndWhere() {
    String table = folder.resolve("demo/table").toString();
    String none = folder.resolve("none").toString();
    assertRefused(
        CommandOutcome.of(new TrainApp(), "--table", table, "--output", none, "crop-size=50"),
        2,
        "crop-size 50",
        "48");
    assertRefused(
        CommandOutcome.of(new TrainApp(), "--table", table, "--output", none, "crop-size=48"),
        2,
        "odd number");
    assertRefused(
        CommandOutcome.of(new TrainApp(), "--table", table, "--output", none, "batch-size=1"),
        2,
        "batch-size must be at least 2",
        "no negative");
    assertRefused(
        CommandOutcome.of(new TrainApp(), "--table", table, "--output", none, "depht=3"),
        2,
        "depht",
        "depth");
    assertRefused(
        CommandOutcome.of(new TrainApp(), "--table", none, "--output", none), 2, none, "no table");
    assertRefused(
        CommandOutcome.of(new EvaluateApp(), "--run", none, "--table", table), 2, "not the folder");
    assertRefused(CommandOutcome.of(new ExportApp(), "--run", runFolder()), 2, "--output");
    assertRefused(
        CommandOutcome.of(
            new EvaluateApp(), "--run", runFolder(), "--table", table, "--crop-size", "50"),
        2,
        "crop-size 50 is not a positive multiple of patch-size 8");
    assertRefused(
        CommandOutcome.of(
            new EvaluateApp(), "--run", runFolder(), "--table", table, "--features", "trainde"),
        2,
        "--features must be of trained, random, pixels and histogram, was 'trainde'");
    assertThat(Path.of(none)).doesNotExist();
  }

  private static void assertRefused(CommandOutcome outcome, int exitCode, String... parts) {
    assertThat(outcome.err()).contains(parts);
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
  }

  private static CommandOutcome demo() {
    String[] fixed = {"--output", folder.resolve("demo").toString(), "--pictures", "120"};
    String[] arguments = Arrays.copyOf(fixed, fixed.length + SMALL.size());
    for (int i = 0; i < SMALL.size(); i++) {
      arguments[fixed.length + i] = SMALL.get(i);
    }
    return CommandOutcome.of(new DemoApp(), arguments);
  }

  private static String runFolder() {
    return folder.resolve("demo/run").toString();
  }

  private static SafeTensors tensors(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      return SafeTensors.read(stream, file.toString(), Files.size(file));
    }
  }
}
