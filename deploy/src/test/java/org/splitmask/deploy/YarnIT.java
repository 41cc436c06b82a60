/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.CommandOutcome;
import org.splitmask.train.TestPictures;
import org.splitmask.train.TinyModel;

/** The distribution in YARN's cluster mode, with every path on HDFS. */
class YarnIT {
  @TempDir private static Path folder;
  private static Installation installation;
  private static YarnCluster cluster;
  private static FileSystem hdfs;

  @BeforeAll
  static void start() throws IOException {
    installation = Installation.in(folder.resolve("installed"));
    cluster = new YarnCluster(folder);
    hdfs = cluster.files();
    Path pictures = folder.resolve("pictures");
    TestPictures.write(pictures, 24, 24);
    hdfs.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(pictures.toUri()),
        new org.apache.hadoop.fs.Path("/pictures"));
  }

  @AfterAll
  static void stop() throws IOException {
    hdfs.close();
    cluster.close();
  }

  @Test
  void theWholeWayAndAContainerThatIsKilled() throws Exception {
    CommandOutcome prepared =
        splitmask("prepare", "--input /pictures --output /table", TinyModel.PREPARATION)
            .succeeded();
    assertThat(prepared.json().path("accepted").asInt()).isEqualTo(24);

    Path keys = Files.writeString(folder.resolve("small model.yaml"), yaml());
    List<Object> configuration = List.of("--config", keys);
    CommandOutcome calm =
        splitmask("train", "--table /table --output /calm", configuration).succeeded();
    CompletableFuture<CommandOutcome> running =
        CompletableFuture.supplyAsync(
            () -> splitmask("train", "--table /table --output /killed", configuration));
    killAnExecutorOnceItTrains("/killed");
    CommandOutcome killed = running.get().succeeded();

    assertThat(killed.json().path("rounds")).isEqualTo(calm.json().path("rounds"));
    assertThat(parameters("/killed")).isEqualTo(parameters("/calm"));
    // A command that needs no Spark: YARN has to be content with it too.
    CommandOutcome exported =
        splitmask("export", "--run /calm --output /encoder.safetensors", List.of()).succeeded();
    assertThat(exported.err()).contains("final status: SUCCEEDED").doesNotContain("FAILED");
    assertThat(hdfs.exists(new org.apache.hadoop.fs.Path("/encoder.safetensors"))).isTrue();
  }

  @Test
  void moreMemoryThanAnyNodeHasIsTheUsers() throws IOException {
    CommandOutcome outcome =
        installation.splitmask(
            Map.of("HADOOP_CONF_DIR", cluster.settings().toString()),
            List.of("prepare", "--master", "yarn", "--executor-memory", "100g"),
            List.of("--conf", "spark.yarn.jars=local:" + installation.sparkHome() + "/jars/*"),
            List.of("--input", "/pictures", "--output", "/t"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("error: Spark refuses to start", "102400", "above the max");
  }

  @Test
  void aFailureHasItsCodeAndMessage() {
    CommandOutcome outcome =
        splitmask(
            "prepare", "--input /pictures --output /t", List.of("image-size=24", "patch-size=7"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("error: ", "patch-size");
  }

  private static String yaml() {
    List<String> keys = new ArrayList<>(TinyModel.TRAINING);
    keys.removeIf(key -> key.startsWith("epochs="));
    keys.addAll(List.of("epochs=40", "workers=2", "checkpoint-every=5"));
    return String.join("\n", keys).replace("=", ": ") + "\n";
  }

  /** Words, split at blanks, and further ones; the result is on HDFS. */
  private static CommandOutcome splitmask(String command, String line, List<?> more) {
    List<Object> words = new ArrayList<>(List.of(command, "--master", "yarn"));
    words.addAll(List.of("--deploy-mode", "cluster", "--num-executors", "2"));
    words.addAll(List.of("--driver-memory", "700m", "--executor-memory", "700m"));
    words.addAll(
        List.of("--conf", "spark.yarn.jars=local:" + installation.sparkHome() + "/jars/*"));
    words.addAll(List.of("--conf", "spark.yarn.submit.waitAppCompletion=true"));
    words.addAll(List.of(line.split(" ")));
    words.addAll(List.of("--result", "/results/" + command + ".json"));
    words.addAll(more);
    try {
      return installation.splitmask(
          Map.of("HADOOP_CONF_DIR", cluster.settings().toString()), words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After the first checkpoint: a container of the running application, not its driver. */
  private static void killAnExecutorOnceItTrains(String run) throws Exception {
    org.apache.hadoop.fs.Path checkpoints = new org.apache.hadoop.fs.Path(run, "checkpoints");
    for (int i = 0; i < 1200; i++) {
      if (hdfs.exists(checkpoints) && hdfs.listStatus(checkpoints).length > 0) {
        Optional<ProcessHandle> executor = executors().findFirst();
        assertThat(executor).as("an executor to kill").isPresent();
        assertThat(executor.get().destroyForcibly()).isTrue();
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no checkpoint after two minutes");
  }

  private static Stream<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process ->
                process.info().command().orElse("").endsWith("java")
                    && Stream.of(process.info().arguments().orElse(new String[0]))
                        .anyMatch(word -> word.endsWith("YarnCoarseGrainedExecutorBackend")));
  }

  private static byte[] parameters(String run) throws IOException {
    FileStatus last =
        Stream.of(hdfs.listStatus(new org.apache.hadoop.fs.Path(run, "checkpoints")))
            .max(Comparator.comparing(status -> status.getPath().getName()))
            .orElseThrow();
    try (InputStream stream =
        hdfs.open(new org.apache.hadoop.fs.Path(last.getPath(), "parameters.safetensors"))) {
      return stream.readAllBytes();
    }
  }
}
