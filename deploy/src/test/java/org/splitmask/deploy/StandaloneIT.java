/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.CommandOutcome;
import org.splitmask.train.TestPictures;
import org.splitmask.train.TinyModel;

/** The distribution on Spark's own cluster manager: a master and two workers. */
class StandaloneIT {
  @TempDir private static Path folder;
  private static Installation installation;
  private static StandaloneCluster cluster;

  /** Spark asks a master for a minute; other tests run meanwhile. */
  private static CompletableFuture<CommandOutcome> unanswered;

  @BeforeAll
  static void startTheCluster() throws IOException, InterruptedException {
    installation = Installation.in(folder.resolve("installed"));
    TestPictures.write(folder.resolve("pictures"), 24, 24);
    String keys = String.join("\n", TinyModel.TRAINING).replace("=", ": ");
    Files.writeString(folder.resolve("small model.yaml"), keys + "\n");
    cluster = StandaloneCluster.start(installation, folder, 2);
    unanswered = CompletableFuture.supplyAsync(StandaloneIT::prepareWithoutAMaster);
  }

  @AfterAll
  static void stopTheCluster() throws InterruptedException {
    cluster.close();
  }

  @Test
  void bothModesPrepareAndTrainToTheSameBits() throws IOException {
    for (String mode : List.of("client", "cluster")) {
      Path at = Files.createDirectory(folder.resolve(mode));
      CommandOutcome prepared = splitmask("prepare", mode, prepare(at)).succeeded();
      CommandOutcome trained = splitmask("train", mode, train(at)).succeeded();

      assertThat(prepared.json().path("accepted").asInt()).isEqualTo(24);
      assertThat(trained.json().path("rounds").asInt()).isPositive();
      CommandOutcome told =
          installation.splitmask(Map.of(), List.of("result", at.resolve("train.json")));
      assertThat(told.succeeded().json()).isEqualTo(trained.json());
    }
    assertThat(parameters(folder.resolve("cluster")))
        .isEqualTo(parameters(folder.resolve("client")));
  }

  @Test
  void aFailureHasItsCodeAndMessageInBothModes() throws IOException {
    for (String mode : List.of("client", "cluster")) {
      Path result = folder.resolve("wrong-" + mode + ".json");
      // Of an earlier night; it must not be taken for the result of this command.
      Files.writeString(result, "{\"exit\":{\"code\":0,\"name\":\"done\",\"worthRetry\":false}}");
      List<Object> words =
          List.of("--input", folder.resolve("none"), "--output", folder.resolve("t"));
      CommandOutcome outcome = splitmask("prepare", mode, words, List.of("--result", result));

      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).contains("error: ", "none");
      assertThat(Files.readString(result)).contains("\"code\":2", "\"worthRetry\":false");
    }
  }

  @Test
  void executorsWithAnOlderJavaAreNamed() throws IOException {
    String old = System.getenv("SPLITMASK_OLD_JAVA_HOME");
    assumeTrue(old != null && !old.isEmpty(), "no SPLITMASK_OLD_JAVA_HOME, a Java before 17");
    Path at = Files.createDirectory(folder.resolve("old-java"));
    CommandOutcome outcome =
        splitmask(
            "prepare",
            "client",
            prepare(at),
            List.of("--conf", "spark.executorEnv.JAVA_HOME=" + old),
            // Spark waits so long for another executor, which would have the same Java.
            List.of("--conf", "spark.scheduler.excludeOnFailure.unschedulableTaskSetTimeout=1s"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("older than Java 17", "spark.executorEnv.JAVA_HOME");
  }

  @Test
  void withoutACommandThatBeganTheOldResultDoesNotCount() throws IOException {
    Path result = folder.resolve("unreached.json");
    Files.writeString(result, "{\"exit\":{\"code\":0,\"name\":\"done\",\"worthRetry\":false}}");
    List<Object> words = List.of("inspect", folder, "--master", "spark://127.0.0.1:1");
    CommandOutcome outcome =
        installation.splitmask(
            Map.of(), words, List.of("--deploy-mode", "cluster", "--result", result));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err()).contains("has not begun", "spark-submit ended with");
  }

  @Test
  void aMasterThatIsDownIsTheClusters() {
    CommandOutcome outcome = unanswered.join();

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err()).contains("error: ").doesNotContain("please report it");
  }

  private static CommandOutcome prepareWithoutAMaster() {
    try {
      return installation.splitmask(
          Map.of(),
          List.of("prepare", "--master", "spark://127.0.0.1:1"),
          List.of("--input", folder.resolve("pictures"), "--output", folder.resolve("down")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Object> prepare(Path at) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("--input", folder.resolve("pictures"), "--output", at.resolve("table")));
    words.addAll(List.of("--result", at.resolve("prepare.json")));
    words.addAll(TinyModel.PREPARATION);
    return words;
  }

  private static List<Object> train(Path at) {
    List<Object> words = new ArrayList<>();
    words.addAll(List.of("--table", at.resolve("table"), "--output", at.resolve("run")));
    words.addAll(List.of("--result", at.resolve("train.json")));
    words.addAll(List.of("--config", folder.resolve("small model.yaml")));
    return words;
  }

  private static CommandOutcome splitmask(String command, String mode, List<?>... words)
      throws IOException {
    List<Object> all = new ArrayList<>(List.of(command, "--master", cluster.address()));
    all.addAll(List.of("--deploy-mode", mode, "--executor-memory", "900m"));
    all.addAll(List.of("--driver-memory", "900m", "--conf", "spark.ui.enabled=false"));
    for (List<?> some : words) {
      all.addAll(some);
    }
    return installation.splitmask(Map.of(), all);
  }

  private static byte[] parameters(Path at) throws IOException {
    try (var files = Files.walk(at.resolve("run/checkpoints"))) {
      Path last =
          files.filter(file -> file.endsWith("parameters.safetensors")).sorted().toList().get(0);
      return Files.readAllBytes(last);
    }
  }
}
