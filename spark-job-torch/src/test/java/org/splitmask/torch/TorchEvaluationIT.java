/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.train.CommandOutcome;
import org.splitmask.train.EvaluateApp;
import org.splitmask.train.TrainingFixture;

/** One run's encoder, evaluated with either engine. */
class TorchEvaluationIT extends TrainingFixture {
  @Test
  void theProbesReadTheSameFromBothEngines() throws IOException {
    String run = folder.resolve("run").toString();
    train(run, "epochs=2");

    JsonNode host = evaluated(run);
    JsonNode torch = evaluated(run, "engine=torch");
    JsonNode bf16 = evaluated(run, "engine=torch", "precision=bf16");

    for (String features : List.of("trained", "random")) {
      double accuracy = accuracy(host, features);
      assertThat(accuracy).as("accuracy of %s", features).isBetween(0.0, 1.0);
      assertThat(accuracy(torch, features)).as(features).isEqualTo(accuracy);
      // Of the few pictures of the test split, rounding may turn one.
      assertThat(accuracy(bf16, features)).as(features).isCloseTo(accuracy, within(0.2));
    }
  }

  @Test
  void whatOnlyTrainingHasIsRefused() {
    CommandOutcome outcome =
        CommandOutcome.of(
            new EvaluateApp(),
            "--run",
            folder.resolve("none").toString(),
            "--table",
            table,
            "engine=torch",
            "recompute-blocks=true");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("recompute-blocks=true is for training");
  }

  private static double accuracy(JsonNode evaluation, String features) {
    JsonNode accuracy = evaluation.path("knn").path(features);
    assertThat(accuracy.isMissingNode()).as("%s in %s", features, evaluation).isFalse();
    assertThat(accuracy.isNumber()).as("%s in %s", features, evaluation).isTrue();
    return accuracy.asDouble();
  }

  private static JsonNode evaluated(String run, String... keys) throws IOException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--run", run, "--table", table, "--probe", "knn"));
    words.addAll(List.of("--features", "trained,random"));
    words.addAll(List.of(keys));
    CommandOutcome outcome = CommandOutcome.of(new EvaluateApp(), words.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome.json();
  }
}
