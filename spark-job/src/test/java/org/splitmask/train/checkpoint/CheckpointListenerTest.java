/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundResults;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.state.VectorStore;

/** Checkpoints are written while the next round is under way, and nothing of them is lost. */
@Timeout(60)
class CheckpointListenerTest extends CheckpointFixture {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch allowed = new CountDownLatch(1);
  private volatile double meanLoss = LOSS;

  @Test
  void aRoundDoesNotWaitForItsCheckpointAndItsStateDoes() throws Exception {
    TrainingState slow = slow(state(2));
    try (CheckpointListener listener = new CheckpointListener(store("run", 3), 2, () -> meanLoss)) {
      listener.onRound(RoundResults.of(state(1)));
      listener.onRound(RoundResults.of(slow));
      assertThat(asked.await(30, TimeUnit.SECONDS)).as("it is being written").isTrue();
      assertThat(folders()).isEmpty();

      Thread release = new Thread(() -> listener.release(slow));
      release.start();
      release.join(200);
      assertThat(release.isAlive()).as("its vectors are read").isTrue();
      allowed.countDown();
      release.join();
      assertThat(folders()).containsExactly("round-000002");
      listener.release(state(1)); // which nobody reads
    }
  }

  @Test
  void theEndWaitsForWhatIsBeingWrittenAndSavesTheLastState() throws IOException {
    TrainingState slow = slow(state(2));
    allowed.countDown();
    try (CheckpointListener listener = new CheckpointListener(store("run", 3), 2, () -> meanLoss)) {
      listener.onRound(RoundResults.of(slow));
      listener.onEnd(state(3));
    }
    assertThat(folders()).containsExactly("round-000003", "round-000002");
  }

  /** While it is being written, the next round's loss comes. */
  @Test
  void aCheckpointHasTheLossOfItsOwnRounds() throws IOException {
    try (CheckpointListener listener = new CheckpointListener(store("run", 3), 2, () -> meanLoss)) {
      listener.onRound(RoundResults.of(slow(state(2))));
      meanLoss = 1.25;
      allowed.countDown();
      listener.onEnd(state(3));
    }
    assertThat(manifest(2)).contains("\"meanLoss\" : 3.5,");
    assertThat(manifest(3)).contains("\"meanLoss\" : 1.25,");
  }

  private String manifest(int round) throws IOException {
    return files("run").text("checkpoints/round-00000" + round + "/manifest.json");
  }

  @Test
  void aFailureIsToldWithTheNextRoundAndOnce() throws IOException {
    Files.writeString(folder.resolve("run"), "a file in the place of the run's folder");
    try (CheckpointListener listener = new CheckpointListener(store("run", 3), 1, () -> meanLoss)) {
      TrainingState state = state(4);
      listener.onRound(RoundResults.of(state));
      listener.release(state);
      assertThatThrownBy(() -> listener.onRound(RoundResults.of(state(5))))
          .hasMessageContaining("the checkpoint of round 4 could not be written")
          .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));

      Files.delete(folder.resolve("run"));
      listener.onEnd(state(5));
      assertThat(folders()).containsExactly("round-000005");
    }
  }

  private List<String> folders() throws IOException {
    return CheckpointStore.folders(files("run"));
  }

  /** A state whose vectors can be read when the test allows it. */
  private TrainingState slow(TrainingState state) {
    VectorStore vectors =
        (VectorStore)
            java.lang.reflect.Proxy.newProxyInstance(
                VectorStore.class.getClassLoader(),
                new Class<?>[] {VectorStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("read")) {
                    asked.countDown();
                    allowed.await();
                  }
                  return method.invoke(state.vectors(), arguments);
                });
    return new TrainingState(state.round(), state.updates(), vectors, state.cursor());
  }
}
