/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.BenchApp;
import org.splitmask.train.CommandOutcome;

/** The commands with engine=torch, on this machine's processors. */
class TorchCommandsIT {
  private static final List<String> SMALL = List.of("depth=1", "decoder-depth=1", "vocabulary=64");

  @Test
  void benchTrainTellsWhatTheDeviceDoes() throws IOException {
    CommandOutcome outcome =
        bench("train", "--model", "vit-micro", "--batch", "4", "--runs", "2", "--warmup", "1");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = outcome.json();
    assertThat(json.path("engine").asText()).isEqualTo("torch");
    assertThat(json.path("device").asText()).isEqualTo("cpu");
    assertThat(json.path("library").asText()).isEqualTo("libtorch");
    assertThat(json.path("imagesPerSecond").asDouble()).isPositive();
    assertThat(json.path("gemmGigaflopsPerSecond").asDouble()).isGreaterThan(1);
    assertThat(json.path("shareOfGemm").asDouble()).isBetween(1e-3, 1.5);
    assertThat(json.path("loaderImagesPerSecond").asDouble()).isPositive();
    assertThat(json.path("copiedBytesPerStep").asLong(-1)).isZero();
    assertThat(json.path("peakDeviceMegabytes").asDouble(-1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bf16"})
  void benchParityTellsThatTheEnginesAgree(String precision) throws IOException {
    CommandOutcome outcome =
        bench("parity", "--batch", "4", "--steps", "5", "precision=" + precision);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode json = outcome.json();
    assertThat(json.path("holds").asBoolean()).as(outcome.err()).isTrue();
    assertThat(json.path("lossDifference").asDouble())
        .as("two ways to add up")
        .isBetween(1e-12, json.path("lossBound").asDouble());
    assertThat(json.path("tensor").asText()).isNotEmpty();
  }

  private static CommandOutcome bench(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("engine=torch");
    all.addAll(SMALL);
    return CommandOutcome.of(new BenchApp(), all.toArray(String[]::new));
  }
}
