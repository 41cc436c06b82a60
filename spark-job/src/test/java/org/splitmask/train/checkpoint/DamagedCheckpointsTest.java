/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.parameter.ParameterManifest;

/** What counts as damaged, and what becomes of it. */
class DamagedCheckpointsTest extends CheckpointFixture {
  @Test
  void aDamagedOneIsPassedOverForTheOneBefore() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    damage(2);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  /** The run trains its way back to the damaged round; what it saves there then stays. */
  @Test
  void aDamagedOneIsReplacedWhenItsRoundComesAgain() throws IOException {
    store("run", 3).save(state(1), LOSS);
    store("run", 3).save(state(2), LOSS);
    damage(2);
    CheckpointStore resumed = store("run", 3);
    assertThat(resumed.latest().orElseThrow().round()).isEqualTo(1);
    resumed.save(state(2), LOSS);
    assertThat(store("run", 3).latest().orElseThrow().round()).isEqualTo(2);
  }

  @Test
  void whereAllAreDamagedNothingBeginsAnew() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    damage(1);
    assertThatThrownBy(store::latest)
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("none of the 1 checkpoints")
        .hasMessageContaining("round-000001/parameters.safetensors is damaged")
        .hasMessageContaining("another --output");
  }

  /** The disk's own checksums, which are looked at first. */
  @Test
  void oneThatADiskHasDamagedIsPassedOver() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    Path file = folder.resolve("run/checkpoints/round-000002/velocity.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
    store.save(state(2), LOSS);
    assertThat(store("run", 3).latest().orElseThrow().round()).isEqualTo(2);
  }

  /** A file longer than what is read at a time. */
  @Test
  void damageAtTheEndOfALongFileIsSeen() throws IOException {
    ParameterManifest layout = layout(5000);
    CheckpointStore store = new CheckpointStore(files("run"), layout, 3, () -> vectors(layout));
    store.save(state(1, layout), LOSS);
    store.save(state(2, layout), LOSS);
    damage(2);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters.safetensors",
        "first-moment.safetensors",
        "second-moment.safetensors",
        "velocity.safetensors",
        "manifest.json"
      })
  void oneThatLacksAFileIsPassedOver(String file) throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    Files.delete(folder.resolve("run/checkpoints/round-000002").resolve(file));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[1]", "{\"version\": 0}"})
  void oneWhoseManifestIsNoneIsPassedOver(String manifest) throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    rewriteManifest(2, old -> manifest);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @Test
  void oneWhoseCursorCannotBeIsPassedOver() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    rewriteManifest(2, old -> old.replaceFirst("\\[ 0, 5 \\]", "[ 5, 0 ]"));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @Test
  void oneWhoseRateFactorCannotBeIsPassedOver() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    rewriteManifest(2, old -> old.replace("\"rateFactor\" : 1.0", "\"rateFactor\" : -1.0"));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  /** Of another network, which the configuration beside it does not describe. */
  @Test
  void oneOfOtherShapesIsPassedOver() throws IOException {
    store("run", 3).save(state(1), LOSS);
    ParameterManifest other = layout(7);
    new CheckpointStore(files("run"), other, 3, () -> vectors(other)).save(state(2, other), LOSS);
    assertThat(store("run", 3).latest().orElseThrow().round()).isEqualTo(1);
  }

  /** It is whole; another program must not train on beside it, and then put it out. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void oneOfAnotherVersionEndsTheCommandAndStays(int version) throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    rewriteManifest(2, old -> old.replace("\"version\" : 3", "\"version\" : " + version));
    assertThatThrownBy(store::latest)
        .hasMessageContaining("round-000002 has version " + version + ", this program reads 3")
        .hasMessageContaining("the program that wrote it")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    assertThat(CheckpointStore.folders(files("run"))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-000002/manifest", "round-000002/velocity"})
  void whatTheStorageDoesNotGiveIsTheClustersFailureAndStays(String file) throws IOException {
    String run = "steps:" + folder.resolve("run");
    store(run, 3).save(state(1), LOSS);
    store(run, 3).save(state(2), LOSS);
    CheckpointStore resumed = store(run, 3);
    StepsOnlyFileSystem.setUnreadable(file);
    try {
      assertThatThrownBy(resumed::latest)
          .hasMessageContaining("cannot read checkpoint steps:")
          .hasMessageContaining("connection reset by peer; it may be whole")
          .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    } finally {
      StepsOnlyFileSystem.setUnreadable("");
    }
    assertThat(resumed.latest().orElseThrow().round()).isEqualTo(2);
    assertThat(CheckpointStore.folders(files(run))).containsExactly("round-000002", "round-000001");
  }

  /**
   * A kill in the very first checkpoint: there is nothing to go on from, and nothing is damaged.
   */
  @Test
  void oneThatWasNeverFinishedIsNone() throws IOException {
    store("run", 3).save(state(1), LOSS);
    Files.delete(folder.resolve("run/checkpoints/round-000001/manifest.json"));

    assertThat(store("run", 3).latest()).isEmpty();
    assertThat(CheckpointStore.folders(files("run"))).isEmpty();
    store("run", 3).save(state(1), LOSS);
    assertThat(store("run", 3).latest().orElseThrow().round()).isEqualTo(1);
  }

  /** A local disk says "no such file" of every file that it cannot open. */
  @ParameterizedTest
  @ValueSource(strings = {"velocity.safetensors", "manifest.json"})
  void aFileThatMayNotBeReadIsNotMissing(String name) throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1), LOSS);
    store.save(state(2), LOSS);
    Path file = folder.resolve("run/checkpoints/round-000002").resolve(name);
    Path kept = file.resolveSibling("kept");
    Files.move(file, kept);
    Files.createDirectory(file); // which the superuser cannot open as a file either
    assertThatThrownBy(store::latest)
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    Files.delete(file);
    Files.move(kept, file);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(2);
  }

  /** The damaged one is newer than all that is trained; it must not count among those kept. */
  @Test
  void aDamagedOneDoesNotPutOutTheGoodOne() throws IOException {
    store("run", 1).save(state(9), LOSS);
    damage(9);
    store("run", 2).save(state(4), LOSS);
    CheckpointStore resumed = store("run", 1);
    assertThat(resumed.latest().orElseThrow().round()).isEqualTo(4);

    resumed.save(state(5), LOSS);

    assertThat(resumed.latestPath().orElseThrow().getName()).isEqualTo("round-000005");
    assertThat(store("run", 1).latest().orElseThrow().round()).isEqualTo(5);
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-000009", "round-000005");
  }
}
