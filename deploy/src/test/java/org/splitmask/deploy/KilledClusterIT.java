/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.CommandOutcome;
import org.splitmask.train.TestPictures;
import org.splitmask.train.TinyModel;

/**
 * Executors and workers of a real cluster are killed while a run trains, and it comes to the same
 * bits. That takes minutes, so it needs {@code -Dsplitmask.proofs=true}; {@code YarnIT} kills an
 * executor in every build.
 */
@Timeout(600)
class KilledClusterIT {
  private static final int EXECUTORS = 10;
  private static final int WORKERS = 2;
  private static final int EPOCHS = 60;

  @TempDir private static Path folder;

  @Test
  void whateverIsKilledTheRunComesToTheSameBits() throws Exception {
    assumeTrue(
        Boolean.getBoolean("splitmask.proofs"),
        "skipped: killed executors; -Dsplitmask.proofs=true runs it");
    Installation installation = Installation.in(folder.resolve("installed"));
    TestPictures.write(folder.resolve("pictures"), 60, 24);
    Path table = folder.resolve("table");
    List<Object> prepare = new ArrayList<>(List.of("prepare", "--input"));
    prepare.addAll(List.of(folder.resolve("pictures"), "--output", table));
    prepare.addAll(TinyModel.PREPARATION);
    installation.splitmask(Map.of(), prepare).succeeded();

    Path undisturbed = folder.resolve("undisturbed");
    train(installation, "local[2]", table, undisturbed).succeeded();

    Path disturbed = folder.resolve("disturbed");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(installation, Files.createDirectory(folder.resolve("c")), 2)) {
      CompletableFuture<CommandOutcome> training =
          CompletableFuture.supplyAsync(
              () -> train(installation, cluster.address(), table, disturbed));
      int killed = kill(cluster, disturbed, training);
      CommandOutcome outcome = training.join().succeeded();
      assertThat(killed).as("executors that were killed").isEqualTo(EXECUTORS);
      assertThat(outcome.err()).as("what happened is said").contains("WARN");
    }

    assertThat(lines(disturbed)).as("each round once").isEqualTo(lines(undisturbed));
    assertThat(parameters(disturbed)).isEqualTo(parameters(undisturbed));
  }

  /** Kills at moments that differ within a round, with time for another executor between them. */
  private static int kill(
      StandaloneCluster cluster, Path run, CompletableFuture<CommandOutcome> training)
      throws Exception {
    Random moment = new Random(7);
    int killed = 0;
    int workers = 0;
    while (killed < EXECUTORS && !training.isDone()) {
      long before = rounds(run);
      List<ProcessHandle> executors = cluster.executors();
      if (executors.size() == 2 && before > 0) {
        Thread.sleep(moment.nextInt(300));
        executors.get(moment.nextInt(2)).destroyForcibly();
        killed++;
        awaitRounds(run, before + 2, training);
        if (killed % 2 == 0 && workers < WORKERS) {
          cluster.startWorker();
          cluster.killWorker(workers++);
          awaitRounds(run, rounds(run) + 2, training);
        }
      }
      Thread.sleep(50);
    }
    assertThat(workers).as("workers that were killed").isEqualTo(WORKERS);
    return killed;
  }

  private static void awaitRounds(Path run, long rounds, CompletableFuture<CommandOutcome> training)
      throws Exception {
    // Five minutes: on a busy machine new executors take long to start.
    for (int i = 0; i < 6000 && rounds(run) < rounds && !training.isDone(); i++) {
      Thread.sleep(50);
    }
    assertThat(rounds(run)).as("it goes on").isGreaterThanOrEqualTo(rounds);
  }

  private static CommandOutcome train(
      Installation installation, String master, Path table, Path run) {
    List<Object> words = new ArrayList<>(List.of("train", "--master", master));
    words.addAll(List.of("--executor-memory", "900m", "--driver-memory", "900m"));
    words.addAll(List.of("--executor-cores", "1", "--total-executor-cores", "2"));
    words.addAll(List.of("--conf", "spark.ui.enabled=false"));
    // All executors are on one node here, which Spark would exclude after the second failure.
    words.addAll(List.of("--conf", "spark.excludeOnFailure.enabled=false"));
    words.addAll(List.of("--table", table, "--output", run));
    TinyModel.TRAINING.stream().filter(word -> !word.startsWith("epochs")).forEach(words::add);
    words.addAll(List.of("epochs=" + EPOCHS, "steps-per-round=1", "checkpoint-every=1"));
    try {
      return installation.splitmask(Map.of(), words);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long rounds(Path run) throws IOException {
    return lines(run).size();
  }

  /** The rounds of a run by number; the rest of a line has times in it. */
  private static List<String> lines(Path run) throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    return Files.exists(metrics)
        ? Files.readAllLines(metrics).stream().map(line -> line.split(",")[0]).toList()
        : List.of();
  }

  private static byte[] parameters(Path run) throws IOException {
    try (var files = Files.walk(run.resolve("checkpoints"))) {
      List<Path> all =
          files.filter(file -> file.endsWith("parameters.safetensors")).sorted().toList();
      return Files.readAllBytes(all.get(all.size() - 1));
    }
  }
}
