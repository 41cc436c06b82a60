/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundResults;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.VectorStore;

class MlflowListenerTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch answer = new CountDownLatch(1);

  /** What a server is told, in words. */
  private class Server implements TrackedRun {
    @Override
    public void log(List<Figure> figures) {
      Figure loss =
          figures.stream().filter(figure -> figure.name().equals("loss")).findFirst().orElseThrow();
      told.add(
          figures.stream().filter(figure -> figure.name().equals("loss")).count()
              + " losses from step "
              + loss.step()
              + " at "
              + loss.millis());
    }

    @Override
    public void end(boolean isDone) {
      told.add("end " + isDone);
    }

    @Override
    public void close() {
      told.add("close");
    }
  }

  @Test
  void figuresAreSentEveryFewRoundsAndAtTheEnd() {
    try (MlflowListener listener = listener(Server::new, 30)) {
      for (int round = 1; round <= 5; round++) {
        listener.onRound(RoundResults.of(state(round)));
      }
      listener.onEnd(state(5));
    }

    assertThat(told.get(0)).startsWith("2 losses from step ").endsWith(" at 1000000");
    assertThat(told).endsWith("end true", "close");
    assertThat(losses()).isEqualTo(5);
  }

  @Test
  void aRunThatMayGoOnIsSaidToBe() {
    try (MlflowListener listener = listener(Server::new, 30)) {
      listener.onRound(RoundResults.of(state(1)));
      listener.onEnd(state(4));
    }

    assertThat(told).contains("end false");
  }

  /** A nightly job starts runs that are over again and again. */
  @Test
  void ofARunThatIsOverTheServerHearsNothing() {
    try (MlflowListener listener = listener(Server::new, 30)) {
      listener.onEnd(state(5));
    }

    assertThat(told).isEmpty();
  }

  @Test
  void whatAServerRefusesIsSentAgainWithTheNextFigures() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<TrackedRun> refusing =
        () -> {
          if (asked.incrementAndGet() == 1) {
            throw new IllegalStateException("no such user");
          }
          return new Server();
        };
    try (MlflowListener listener = listener(refusing, 30)) {
      for (int round = 1; round <= 5; round++) {
        listener.onRound(RoundResults.of(state(round)));
      }
      listener.onEnd(state(5));
    }

    assertThat(losses()).isEqualTo(5);
    assertThat(told).endsWith("end true", "close");
  }

  @Test
  void aServerThatDoesNotAnswerHoldsNoRoundUp() throws InterruptedException {
    try (MlflowListener listener = listener(this::silent, 0)) {
      for (int round = 1; round <= 5000; round++) {
        listener.onRound(RoundResults.of(state(round)));
      }
      listener.onEnd(state(5));
    }

    await(() -> told.contains("interrupted"));
    assertThat(told).containsExactly("interrupted");
  }

  /** The end waits where the checkpoint is written already. */
  @Test
  void theEndOfATrainingWaitsInClosing() throws InterruptedException {
    MlflowListener listener = listener(this::silent, 30);
    listener.onRound(RoundResults.of(state(1)));
    listener.onEnd(state(5));
    assertThat(told).isEmpty();
    answer.countDown();
    listener.close();

    assertThat(told).endsWith("end true", "close");
  }

  private TrackedRun silent() {
    try {
      answer.await();
    } catch (InterruptedException e) {
      told.add("interrupted");
      throw new IllegalStateException(e);
    }
    return new Server();
  }

  private static void await(BooleanSupplier happened) {
    for (int i = 0; i < 1000 && !happened.getAsBoolean(); i++) {
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(happened.getAsBoolean()).isTrue();
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    assertThatThrownBy(() -> MlflowListener.checkServer(null))
        .hasMessageContainingAll("the driver's environment", "MLFLOW_TRACKING_URI=http://")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
    for (String server : List.of("http://me:secr%et@mlflow", "mlflow:5000", "/var/mlflow")) {
      assertThatThrownBy(() -> MlflowListener.checkServer(server))
          .hasMessageContaining("MLFLOW_TRACKING_URI in the driver's environment is no address")
          .hasMessageNotContaining("secr");
    }
    for (String server : List.of("http://me:secret@mlflow:5000", "https://x/y", "databricks")) {
      assertThatCode(() -> MlflowListener.checkServer(server))
          .as(server)
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> MlflowListener.checkClient(ClassLoader.getPlatformClassLoader()))
        .hasMessageContaining("--packages org.mlflow:mlflow-client:" + version())
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.USER);
    assertThatCode(() -> MlflowListener.checkClient(getClass().getClassLoader()))
        .doesNotThrowAnyException();
    assertThat(Files.readString(Path.of("../docs/operations.md")))
        .contains("--packages org.mlflow:mlflow-client:" + version() + " ");
  }

  /** The one that is tested with. */
  private static String version() throws IOException {
    String pom = Files.readString(Path.of("../pom.xml"));
    return pom.replaceFirst("(?s).*<mlflow-client.version>([^<]+)<.*", "$1");
  }

  private int losses() {
    return told.stream()
        .filter(word -> word.contains("losses"))
        .mapToInt(word -> Integer.parseInt(word.substring(0, word.indexOf(' '))))
        .sum();
  }

  private static MlflowListener listener(Supplier<TrackedRun> opening, int secondsToEnd) {
    return new MlflowListener(
        opening, 2, state -> state.round() == 5, () -> Instant.ofEpochSecond(1000), secondsToEnd);
  }

  private static TrainingState state(int round) {
    VectorStore vectors = VectorStore.create(1, Long.MAX_VALUE, Path.of(""));
    return new TrainingState(round, 10L * round, vectors, Cursor.start());
  }
}
