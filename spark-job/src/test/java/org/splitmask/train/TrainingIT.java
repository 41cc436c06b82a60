/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.PrepareApp;
import org.splitmask.train.target.Tokenizer;

/** Training on a real table in a real session, and in processes that are killed. */
class TrainingIT extends TrainingFixture {
  /** JVMs that live for seconds do with the first compiler. */
  private static final List<String> QUICK = List.of("-Xmx1g", "-XX:TieredStopAtLevel=1");

  @Test
  void oneWorkerOnSparkIsLocalTrainingToTheBit() throws IOException {
    String run = folder.resolve("one-worker").toString();
    train(run, "workers=1", "epochs=2");

    assertThat(parameters(run)).isEqualTo(trainedLocally(run, /* keepsMoments= */ true));
  }

  @Test
  void lossesFallAndAreReported() throws IOException {
    String run = folder.resolve("falling").toString();
    Map<String, Object> result = train(run, "workers=2", "epochs=12", "learning-rate=0.003");

    Map<?, ?> inpaint = (Map<?, ?>) result.get("inpaint");
    assertThat((Double) inpaint.get("last")).isLessThan(0.9 * (Double) inpaint.get("first"));
    long rounds = Files.lines(Path.of(run, "metrics.jsonl")).count();
    assertThat(rounds).isEqualTo(((Integer) result.get("rounds")).longValue());
  }

  @ParameterizedTest
  @EnumSource(Tokenizer.class)
  void everyTokenizerTrainsAndTellsHowItsTokensAreUsed(Tokenizer tokenizer) throws IOException {
    String run = folder.resolve("tokens-" + tokenizer.word()).toString();

    Map<String, Object> result =
        train(run, "tokenizer=" + tokenizer.word(), "codebook-patches=400", "epochs=2");

    assertThat((Integer) result.get("rounds")).isPositive();
    JsonNode tokens = new ObjectMapper().readTree(Path.of(run, "tokens.json").toFile());
    assertThat(tokens.path("perplexity").asDouble()).isBetween(1.0, 32.0);
    assertThat(tokens.path("counts")).hasSize(tokens.path("used").asInt());
    Path codebooks = Path.of(table, "codebooks");
    assertThat(Files.exists(codebooks) && holds(codebooks, tokenizer.word()))
        .isEqualTo(tokenizer != Tokenizer.RANDOM_PROJECTION);
    assertThat(train(run, "tokenizer=" + tokenizer.word(), "codebook-patches=400", "epochs=2"))
        .containsEntry("updates", result.get("updates"));
  }

  private static boolean holds(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith(prefix));
    }
  }

  @Test
  void aKilledProcessResumesToTheSameBits() throws Exception {
    String undisturbed = folder.resolve("undisturbed").toString();
    train(undisturbed, "workers=2", "epochs=30");

    String killed = folder.resolve("killed").toString();
    Process first = process(killed, QUICK, "workers=2", "epochs=30");
    awaitCheckpoint(first, killed);
    first.destroyForcibly().waitFor(); // SIGKILL, in the middle of some round
    assertThat(first.exitValue()).as("exit value of a killed process").isNotZero();
    Process second = process(killed, QUICK, "workers=2", "epochs=30");
    assertThat(second.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();

    assertThat(parameters(killed)).isEqualTo(parameters(undisturbed));
    assertThat(newestManifest(killed)).isEqualTo(newestManifest(undisturbed));
    assertThat(Files.readString(Path.of(killed, "metrics.jsonl")).lines().count())
        .isEqualTo(Files.readString(Path.of(undisturbed, "metrics.jsonl")).lines().count());
  }

  /** YARN, Kubernetes and Airflow ask for an end so, some seconds before they kill. */
  @Test
  void aStoppedProcessLosesNoFinishedRound() throws Exception {
    String undisturbed = folder.resolve("unstopped").toString();
    train(undisturbed, "workers=2", "epochs=30");

    String stopped = folder.resolve("stopped").toString();
    Process first = process(stopped, QUICK, "workers=2", "epochs=30", "checkpoint-every=4");
    awaitCheckpoint(first, stopped);
    first.destroy(); // SIGTERM
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(Path.of(stopped + ".log"));
    assertThat(first.exitValue()).as(log).isEqualTo(4);
    assertThat(log).contains("was stopped by SIGTERM after round ", "the same command goes on");
    long rounds = Files.readString(Path.of(stopped, "metrics.jsonl")).lines().count();
    assertThat(Path.of(stopped, "checkpoints", String.format(Locale.ROOT, "round-%06d", rounds)))
        .exists();

    train(stopped, "workers=2", "epochs=30", "checkpoint-every=4");
    assertThat(parameters(stopped)).isEqualTo(parameters(undisturbed));
    assertThat(newestManifest(stopped))
        .isEqualTo(newestManifest(undisturbed))
        .contains("\"meanLoss\" : ");
  }

  @Test
  void aSecondDriverIsRefusedWhileTheFirstTrains() throws Exception {
    String run = folder.resolve("twice").toString();
    Process first = process(run, QUICK, "workers=2", "epochs=30");
    awaitCheckpoint(first, run);

    assertThatThrownBy(() -> train(run, "workers=2", "epochs=30"))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("is being trained by application")
        .hasMessageContaining("process " + first.pid());
    assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).as(Files.readString(Path.of(run + ".log"))).isZero();
    try (Stream<Path> left = Files.list(Path.of(run))) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("_driver") || name.startsWith("._driver"));
    }
  }

  @Test
  void workersMayChangeWhenARunIsResumed() throws IOException {
    String run = folder.resolve("regrouped").toString();
    train(run, "workers=4", "epochs=1");
    train(run, "workers=1", "epochs=2");
    Map<String, Object> result = train(run, "workers=2", "epochs=3");

    assertThat(result.get("images")).isEqualTo(3L * trainImages());
  }

  @Test
  void anotherIdentityIsRefusedAndTheRunStays() throws IOException {
    String run = folder.resolve("identity").toString();
    train(run, "workers=1", "epochs=1");
    float[] before = parameters(run);
    String config = Files.readString(Path.of(run, "config.yaml"));

    assertThatThrownBy(() -> train(run, "workers=1", "epochs=1", "seed=7", "match-weight=0.5"))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("another configuration")
        .hasMessageContaining("seed=42 in the run, 7 now")
        .hasMessageContaining("match-weight=1.0 in the run, 0.5 now");
    assertThat(parameters(run)).isEqualTo(before);
    assertThat(Path.of(run, "config.yaml")).hasContent(config);
  }

  @Test
  void aLossThatIsNotANumberStopsTheRunAndKeepsNothingOfIt() {
    String run = folder.resolve("diverged").toString();
    assertThatThrownBy(() -> train(run, "workers=1", "epochs=1", "learning-rate=1e30"))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("the loss is NaN at update 2 (round 1, worker 0, learning rate")
        .hasMessageContaining("the last checkpoint is intact")
        .hasMessageContaining("Lower learning-rate");
    assertThat(Path.of(run, "checkpoints")).doesNotExist();
    assertThat(Path.of(run, "config.yaml")).exists();
  }

  @Test
  void aTableThatIsTooSmallIsRefusedBeforeAnythingIsWritten() {
    String run = folder.resolve("too-small").toString();
    assertThatThrownBy(() -> train(run, "workers=60"))
        .hasMessageContaining("60 workers need at least 120");
    assertThat(Path.of(run)).doesNotExist();
  }

  /** 120 pictures of 96 by 96 by 3 bytes are more than a megabyte, and one row group. */
  @Test
  void aCacheThatIsTooSmallForWhatIsMixedIsRefusedBeforeAnythingIsWritten() throws IOException {
    String large = folder.resolve("large").toString();
    TestPictures.write(folder.resolve("large-pictures"), 120, 96);
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("large-pictures").toString()),
        large,
        null,
        KeyValues.ofWords(List.of("image-size=96", "patch-size=8", "min-side=1")));
    String run = folder.resolve("small-cache").toString();

    assertThatThrownBy(() -> trainOn(large, run, "cache-megabytes=1"))
        .hasMessageMatching(
            "cache-megabytes must be at least [23], was 1: the \\d largest row groups, which"
                + " mixed-row-groups=4 may mix, hold that much.*");
    assertThat(Path.of(run)).doesNotExist();
    assertThat(trainOn(large, run, "cache-megabytes=3", "epochs=1")).containsKey("checkpoint");
  }
}
