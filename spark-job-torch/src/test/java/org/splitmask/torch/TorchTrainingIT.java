/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.TrainingFixture;

/** Training on Spark with engine=torch: two workers, a kill, and a change of the engine. */
class TorchTrainingIT extends TrainingFixture {
  private static final List<String> QUICK = List.of("-Xmx1g", "-XX:TieredStopAtLevel=1");

  @Test
  void twoWorkersFollowTheOtherEngine() throws IOException {
    train(run("host"), "workers=2", "epochs=6");
    train(run("torch"), "workers=2", "epochs=6", "engine=torch");
    String[] bf16 = {"engine=torch", "precision=bf16", "workers=2", "epochs=6"};
    train(run("bf16"), bf16);

    assertLossesAre("torch", "host", 0.01);
    assertLossesAre("bf16", "host", 0.02);
  }

  @Test
  void aKilledProcessResumesToTheSameBits() throws Exception {
    train(run("undisturbed"), "workers=2", "epochs=60", "engine=torch", "threads=1");

    String killed = run("killed");
    Process first = process(killed, QUICK, "workers=2", "epochs=60", "engine=torch", "threads=1");
    awaitCheckpoint(first, killed);
    first.destroyForcibly().waitFor(); // SIGKILL, in the middle of some round
    assertThat(first.exitValue()).as("exit value of a killed process").isNotZero();
    Process second = process(killed, QUICK, "workers=2", "epochs=60", "engine=torch", "threads=1");
    assertThat(second.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).as(Files.readString(Path.of(killed + ".log"))).isZero();

    assertThat(parameters(killed)).isEqualTo(parameters(run("undisturbed")));
    assertThat(newestManifest(killed)).isEqualTo(newestManifest(run("undisturbed")));
  }

  @Test
  void theEngineMayChangeInMidRun() throws Exception {
    train(run("one-engine"), "workers=2", "epochs=60", "engine=torch");

    Process first = process(run("both"), QUICK, "workers=2", "epochs=60");
    awaitCheckpoint(first, run("both"));
    first.destroy(); // SIGTERM
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).as(Files.readString(Path.of(run("both") + ".log"))).isEqualTo(4);
    train(run("both"), "workers=2", "epochs=60", "engine=torch");

    assertLossesAre("both", "one-engine", 0.01);
  }

  @Test
  void aGpuThatIsNotThereEndsTheRunOrIsDoneWithout() throws IOException {
    assertThatThrownBy(() -> train(run("no-gpu"), "epochs=1", "engine=torch", "device=cuda"))
        .satisfies(
            failure ->
                assertThat(SplitMaskException.root(failure))
                    .hasValueSatisfying(
                        ours -> {
                          assertThat(ours.blame()).isEqualTo(Blame.USER);
                          assertThat(ours)
                              .hasMessageContaining("device=cuda, but ")
                              .hasMessageContaining("on-missing-gpu=cpu");
                        }));

    train(run("on-cpu"), "epochs=2", "engine=torch", "device=cuda", "on-missing-gpu=cpu");
    train(run("cpu"), "epochs=2", "engine=torch");
    assertThat(parameters(run("on-cpu"))).isEqualTo(parameters(run("cpu")));
  }

  private static String run(String name) {
    return folder.resolve(name).toString();
  }

  private static void assertLossesAre(String name, String expected, double share)
      throws IOException {
    List<JsonNode> others = rounds(expected);
    List<JsonNode> own = rounds(name);
    assertThat(own).hasSameSizeAs(others);
    assertThat(loss(last(name))).isLessThan(0.95 * loss(own.get(0)));
    for (int i = 0; i < own.size(); i++) {
      assertThat(loss(own.get(i)))
          .as("loss of round %d", i)
          .isCloseTo(loss(others.get(i)), within(share * loss(others.get(i))));
    }
  }

  private static double loss(JsonNode round) {
    return round.path("loss").asDouble();
  }

  private static JsonNode last(String name) throws IOException {
    List<JsonNode> rounds = rounds(name);
    return rounds.get(rounds.size() - 1);
  }

  private static List<JsonNode> rounds(String name) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"))) {
      rounds.add(new ObjectMapper().readTree(line));
    }
    return rounds;
  }
}
