/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** What the keys of rounds do in a real session, and what a run does when its storage fails. */
class RoundSettingsIT extends TrainingFixture {
  @Test
  void workersThatFollowTheSlotsAreThoseOfThisMachinesThreads() throws IOException {
    String two = folder.resolve("two").toString();
    train(two, "workers=2", "epochs=3");
    String following = folder.resolve("following").toString();
    Map<String, Object> result = train(following, "workers=0", "epochs=3", "min-workers=2");

    assertThat(result.get("images")).isEqualTo(3L * trainImages());
    assertThat(metrics(following)).allMatch(round -> round.path("workers").asInt() == 2);
    assertThat(parameters(following)).isEqualTo(parameters(two));
  }

  @Test
  void slotsThatDoNotComeEndTheCommandBeforeItTrains() {
    String run = folder.resolve("too-few").toString();
    assertThatThrownBy(() -> train(run, "min-workers=3", "min-workers-seconds=0"))
        .hasMessageContaining("after 0 s the executors have 2 slots, min-workers asks for 3")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    assertThat(Path.of(run, "checkpoints")).doesNotExist();
  }

  @Test
  void roundsThatBeginWithoutMomentsAreThoseOfLocalTrainingToTheBit() throws IOException {
    String run = folder.resolve("reset").toString();
    train(run, "workers=1", "epochs=2", "moments=reset");
    String averaged = folder.resolve("averaged").toString();
    train(averaged, "workers=1", "epochs=2");

    assertThat(parameters(run)).isEqualTo(trainedLocally(run, /* keepsMoments= */ false));
    assertThat(parameters(run)).isNotEqualTo(parameters(averaged));
    long bytes = metrics(averaged).get(0).path("workerBytes").asLong();
    assertThat(metrics(run)).allMatch(round -> 3 * round.path("workerBytes").asLong() == bytes);
    assertThat(metrics(run)).allMatch(round -> 3 * round.path("executorBytes").asLong() == bytes);
  }

  @Test
  void roundedResultsTakeFewerBytesAndAreTheSameInEveryRun() throws IOException {
    String whole = folder.resolve("whole").toString();
    train(whole, "workers=2", "epochs=3");
    String rounded = folder.resolve("rounded").toString();
    train(rounded, "workers=2", "epochs=3", "delta-precision=int8");
    String again = folder.resolve("rounded-again").toString();
    train(again, "workers=2", "epochs=3", "delta-precision=int8");

    assertThat(parameters(rounded)).isEqualTo(parameters(again));
    assertThat(parameters(rounded)).isNotEqualTo(parameters(whole));
    JsonNode last = metrics(rounded).get(metrics(rounded).size() - 1);
    assertThat(last.path("loss").asDouble())
        .isCloseTo(
            metrics(whole).get(metrics(whole).size() - 1).path("loss").asDouble(),
            withinShare(0.01));
    // 1, 2 and 2 bytes of an element's 4, 4 and 4, and a scale for each block.
    double share = last.path("workerBytes").asDouble() / last.path("executorBytes").asDouble();
    assertThat(share).isCloseTo(5.0 / 12, withinShare(1));
  }

  @Test
  void roundsOfOneStepDoNotBeginWithoutMoments() {
    String run = folder.resolve("signs").toString();
    assertThatThrownBy(() -> train(run, "moments=reset", "post-local-share=0.5"))
        .hasMessageContaining("moments=reset does not go with post-local-share=0.5")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    assertThat(Path.of(run)).doesNotExist();
  }

  @Test
  void roundsTellWhereTheirTimeWent() throws IOException {
    String run = folder.resolve("timed").toString();
    train(run, "workers=2", "epochs=2");

    for (JsonNode round : metrics(run)) {
      double parts =
          Stream.of("keep", "send", "receive", "step", "combine", "collect")
              .mapToDouble(part -> round.path(part + "Seconds").asDouble(Double.NaN))
              .sum();
      // Parts are rounded to six digits, and the workers' clocks are not the driver's.
      assertThat(parts).isCloseTo(round.path("seconds").asDouble(), withinShare(0.02));
      assertThat(round.path("stepSeconds").asDouble()).isPositive();
      assertThat(round.path("deltaNorm").asDouble()).isPositive();
      assertThat(round.path("meanDeltaNorm").asDouble())
          .isLessThanOrEqualTo(round.path("deltaNorm").asDouble() * 1.00001);
      assertThat(round.path("deltaCosine").asDouble(Double.NaN)).isBetween(-1.0, 1.0);
    }
    try (Stream<Path> files = Files.list(Path.of(run, "tensorboard"))) {
      assertThat(files).hasSize(1);
    }
  }

  /**
   * The disk is full when the second checkpoint is written, and has room again for the next start.
   */
  @Test
  void afterAFullDiskTheSameCommandGoesOnToTheSameBits() throws IOException {
    session.sparkContext().hadoopConfiguration().set("fs.full.impl", FullDisk.class.getName());
    String undisturbed = folder.resolve("roomy").toString();
    train(undisturbed, "workers=2", "epochs=8");
    long checkpoint;
    try (Stream<Path> files = Files.list(newestCheckpoint(undisturbed))) {
      checkpoint = files.mapToLong(file -> file.toFile().length()).sum();
    }

    String run = "full:" + folder.resolve("cramped");
    FullDisk.setRoom(checkpoint + checkpoint / 2);
    assertThatThrownBy(() -> train(run, "workers=2", "epochs=8"))
        .hasMessageContaining("could not be written")
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("the same command goes on from the last of them")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    FullDisk.setRoom(Long.MAX_VALUE);
    train(run, "workers=2", "epochs=8");

    String local = folder.resolve("cramped").toString();
    assertThat(parameters(local)).isEqualTo(parameters(undisturbed));
    assertThat(metrics(local)).hasSameSizeAs(metrics(undisturbed));
  }

  @ParameterizedTest
  @CsvSource({
    "config.yaml, checkpoints and no config.yaml",
    "codebook.safetensors, codebook.safetensors is missing"
  })
  void checkpointsWithoutWhatTheyBelongToAreRefused(String file, String message)
      throws IOException {
    String run = folder.resolve("without " + file).toString();
    train(run, "workers=1", "epochs=1");
    float[] before = parameters(run);
    Files.delete(Path.of(run, file));

    assertThatThrownBy(() -> train(run, "workers=1", "epochs=2"))
        .hasMessageContaining(message)
        .hasMessageContaining("another --output")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
    assertThat(parameters(run)).isEqualTo(before);
  }

  private static org.assertj.core.data.Percentage withinShare(double share) {
    return org.assertj.core.data.Percentage.withPercentage(100 * share);
  }

  private static List<JsonNode> metrics(String run) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(run, "metrics.jsonl"))) {
      rounds.add(new ObjectMapper().readTree(line));
    }
    return rounds;
  }

  private static Path newestCheckpoint(String run) throws IOException {
    try (Stream<Path> folders = Files.list(Path.of(run, "checkpoints"))) {
      return folders.sorted().reduce((a, b) -> b).orElseThrow();
    }
  }
}
