/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundDeltas;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.RoundTimes;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.VectorStore;

class MetricsFileTest {
  @TempDir private Path folder;

  @Test
  void linesAreAddedBeforeEachCheckpointAndAtTheEnd() throws IOException {
    MetricsFile metrics = new MetricsFile(run(), 2);
    metrics.onRound(round(1));
    assertThat(file()).doesNotExist();
    metrics.onRound(round(2));
    assertThat(lines()).hasSize(2);
    metrics.onRound(round(3));
    assertThat(lines()).hasSize(2);
    metrics.onEnd(state(3));
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0))
        .isEqualTo(
            "{\"round\":1,\"epoch\":0,\"updates\":10,\"workers\":2,\"stragglers\":1,\"images\":64,\"seconds\":0.5,"
                + "\"loss\":3.5,\"inpaint\":2.0,\"match\":1.5,\"gradientNorm\":0.25,"
                + "\"learningRate\":0.001,\"deltaNorm\":2.5,\"meanDeltaNorm\":2.0,"
                + "\"deltaCosine\":0.28,\"waitingShare\":0.125,\"slowestWorker\":1,"
                + "\"slowestWorkerRate\":70.0,\"fastestWorkerRate\":80.0,\"processBytes\":99,\"executorBytes\":12,"
                + "\"workerBytes\":8,"
                + "\"keepSeconds\":0.0,\"sendSeconds\":0.0,\"receiveSeconds\":0.1,"
                + "\"stepSeconds\":0.3,\"combineSeconds\":0.1,\"collectSeconds\":0.0}");
  }

  /** What is there is not written again: another process could be reading it. */
  @Test
  void whatIsThereStaysAsItIs() throws IOException {
    MetricsFile first = new MetricsFile(run(), 1);
    first.onRound(round(1));
    byte[] before = Files.readAllBytes(file());
    Object key = Files.readAttributes(file(), BasicFileAttributes.class).fileKey();
    first.onRound(round(2));
    assertThat(Files.readAllBytes(file())).startsWith(before);
    assertThat(Files.readAttributes(file(), BasicFileAttributes.class).fileKey())
        .as("the same file, not one in its place")
        .isEqualTo(key);
  }

  @Test
  void theSummaryHasTheEndsAndTheSums() throws IOException {
    MetricsFile metrics = new MetricsFile(run(), 1);
    RunSummary live = metrics.resume(0);
    for (int i = 1; i <= 5; i++) {
      metrics.onRound(round(i));
    }
    for (RunSummary summary : List.of(live, RunSummary.read(run()))) {
      assertThat(summary.rounds()).isEqualTo(5);
      assertThat(summary.images()).isEqualTo(320);
      assertThat(summary.workers()).isEqualTo(2);
      assertThat(summary.imagesPerSecond()).isEqualTo(128);
      assertThat(summary.last("updates")).isEqualTo(50);
      assertThat(summary.firstAndLast("inpaint")).isEqualTo(Map.of("first", 2.0, "last", 2.0 / 5));
      assertThat(summary.has("match")).isTrue();
      assertThat(summary.has("accuracy")).isFalse();
      assertThat(summary.last("accuracy")).isNaN();
    }
  }

  /** The same for who has seen the rounds and for who resumes after any of them. */
  @Test
  void theRecentLossIsTheMeanOfTenRoundsByImages() throws IOException {
    MetricsFile metrics = new MetricsFile(run(), 1);
    RunSummary live = metrics.resume(0);
    assertThat(live.recentLoss()).isNaN();
    for (int i = 1; i <= 13; i++) {
      metrics.onRound(round(i, 100 - i, 7.0 / i));
      double sum = 0;
      long images = 0;
      for (int j = Math.max(1, i - 9); j <= i; j++) {
        sum += (100 - j) * RoundMetrics.rounded(7.0 / j);
        images += 100 - j;
      }
      assertThat(live.recentLoss()).isEqualTo(RoundMetrics.rounded(sum / images));
    }
    for (int resumedAt = 0; resumedAt < 13; resumedAt++) {
      MetricsFile again = new MetricsFile(run(), 20);
      RunSummary resumed = again.resume(resumedAt);
      for (int i = resumedAt + 1; i <= 13; i++) {
        again.onRound(round(i, 100 - i, 7.0 / i));
      }
      assertThat(resumed.recentLoss()).as("from " + resumedAt).isEqualTo(live.recentLoss());
    }
  }

  @Test
  void laterRoundsAndACutLineAreDroppedOnResuming() throws IOException {
    MetricsFile lost = new MetricsFile(run(), 1);
    for (int i = 1; i <= 4; i++) {
      lost.onRound(round(i));
    }
    Files.writeString(file(), "{\"round\":5,\"ep", StandardOpenOption.APPEND);

    MetricsFile resumed = new MetricsFile(run(), 1);
    RunSummary summary = resumed.resume(2);
    resumed.dropLater(2);
    assertThat(summary.rounds()).isEqualTo(2);
    assertThat(lines()).hasSize(2);
    resumed.onRound(round(3));
    assertThat(lines()).hasSize(3);
    assertThat(summary.rounds()).isEqualTo(3);
  }

  @Test
  void aDamagedLineInTheMiddleIsNamed() throws IOException {
    MetricsFile metrics = new MetricsFile(run(), 1);
    metrics.onRound(round(1));
    Files.writeString(file(), "not a round\n", StandardOpenOption.APPEND);
    metrics.onRound(round(2));
    assertThatThrownBy(() -> new MetricsFile(run(), 1).resume(2))
        .hasMessageContaining("metrics.jsonl")
        .hasMessageContaining("'not a round'")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  @Test
  void aNewRunHasNothingToSum() throws IOException {
    RunSummary summary = RunSummary.read(run());
    assertThat(summary.rounds()).isZero();
    assertThat(summary.has("inpaint")).isFalse();
  }

  private RunFiles run() {
    return new RunFiles(folder.resolve("run").toString(), new Configuration());
  }

  private Path file() {
    return folder.resolve("run").resolve("metrics.jsonl");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file(), StandardCharsets.UTF_8);
  }

  private static RoundResult round(int number) {
    return round(number, 64, 3.5);
  }

  private static RoundResult round(int number, long images, double loss) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("inpaint", 2.0 / number);
    figures.put("match", 1.5);
    RoundMetrics metrics =
        new RoundMetrics(
            number,
            0,
            10L * number,
            2,
            1,
            images,
            loss,
            figures,
            0.25,
            1e-3,
            new RoundDeltas(2.5, 2, 0.28),
            0.125,
            1,
            70,
            80,
            99,
            12,
            8,
            new RoundTimes(0.5, 0, 0, 0.1, 0.3, 0.1, 0));
    return new RoundResult(state(number), metrics);
  }

  private static TrainingState state(int round) {
    VectorStore vectors = VectorStore.create(1, Long.MAX_VALUE, Path.of(""));
    return new TrainingState(round, 10L * round, vectors, Cursor.start());
  }
}
