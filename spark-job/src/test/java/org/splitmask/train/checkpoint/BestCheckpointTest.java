/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.state.VectorStore.Vector;

/** The checkpoint with the lowest loss stays beside the newest, and can be read, as any other. */
class BestCheckpointTest extends CheckpointFixture {
  @Test
  void theBestStaysBesideTheNewest() throws IOException {
    saveAll("run", 2, 5, 2, 4, 3, 6);
    assertThat(folders("run")).containsExactly("round-000005", "round-000004", "round-000002");
    assertThat(CheckpointStore.best(files("run"))).contains("round-000002");
  }

  @Test
  void aBetterOneTakesItsPlace() throws IOException {
    CheckpointStore store = store("run", 1);
    double[] losses = {5, 2, 4, 1, 6};
    for (int i = 0; i < losses.length; i++) {
      store.save(state(i + 1), losses[i]);
    }
    assertThat(folders("run")).containsExactly("round-000005", "round-000004");
  }

  @Test
  void ofEqualOnesTheNewestIsTheBest() throws IOException {
    saveAll("run", 1, 2, 2, 3);
    assertThat(folders("run")).containsExactly("round-000003", "round-000002");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY})
  void aLossThatIsNotFiniteIsNeverTheBest(double loss) throws IOException {
    saveAll("run", 1, 3, loss, 4);
    assertThat(folders("run")).containsExactly("round-000003", "round-000001");
    saveAll("none", 1, loss, loss);
    assertThat(folders("none")).containsExactly("round-000002");
    assertThat(CheckpointStore.best(files("none"))).isEmpty();
  }

  /** They stay readable, and go in their turn. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\"meanLoss\" : null,", "\"meanLoss\" : \"1\","})
  void manifestsOfEarlierBuildsTellNoLoss(String instead) throws IOException {
    saveAll("run", 1, 1);
    rewriteManifest(1, old -> old.replace("\"meanLoss\" : 1.0,", instead));
    assertThat(store("run", 1).latest().orElseThrow().round()).isEqualTo(1);
    assertThatThrownBy(() -> store("run", 1).bestParameters())
        .hasMessageContaining("earlier builds tell no loss")
        .hasMessageContaining("give --checkpoint latest, or one of the rounds [1]")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));

    store("run", 1).save(state(2), 7);
    assertThat(folders("run")).containsExactly("round-000002");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters", "first-moment", "second-moment", "velocity"})
  void oneThatLacksAFileOrAPartOfItIsNotTheBest(String vector) throws IOException {
    for (boolean isCut : new boolean[] {false, true}) {
      String run = isCut ? "cut" : "lacking";
      saveAll(run, 3, 2, 1, 3);
      Path file = folder.resolve(run + "/checkpoints/round-000002/" + vector + ".safetensors");
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      if (isCut) {
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      }
      assertThat(CheckpointStore.best(files(run))).contains("round-000001");
      store(run, 1).save(state(4), 4);
      assertThat(folders(run)).containsExactly("round-000004", "round-000001");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[1]", "{\"version\": 3, \"meanLoss\": 0.5}"})
  void oneWhoseManifestIsNoneIsNotTheBest(String manifest) throws IOException {
    saveAll("run", 3, 2, 1, 3);
    rewriteManifest(2, old -> manifest);
    store("run", 1).save(state(4), 4);
    assertThat(folders("run")).containsExactly("round-000004", "round-000001");
  }

  /** What only reading it shows. */
  @Test
  void aDamagedOneIsPassedOverForTheNextBest() throws IOException {
    saveAll("run", 3, 2, 1, 3);
    damage(2);
    CheckpointStore store = store("run", 1);
    assertThat(store.bestParameters().orElseThrow().round()).isEqualTo(1);

    store.save(state(4), 4);
    assertThat(folders("run")).containsExactly("round-000004", "round-000001");
  }

  /** Of two that may be whole, the storage does not say which is better. */
  @Test
  void whileAManifestCannotBeReadNothingIsDropped() throws IOException {
    String run = "steps:" + folder.resolve("run");
    saveAll(run, 1, 1, 2);
    StepsOnlyFileSystem.setUnreadable("round-000001/manifest");
    try {
      store(run, 1).save(state(3), 3);
    } finally {
      StepsOnlyFileSystem.setUnreadable("");
    }
    assertThat(folders(run)).containsExactly("round-000003", "round-000002", "round-000001");

    store(run, 1).save(state(4), 4);
    assertThat(folders(run)).containsExactly("round-000004", "round-000001");
  }

  @Test
  void aResumedRunReadsEachManifestOnceAndNoVector() throws IOException {
    String run = "steps:" + folder.resolve("run");
    saveAll(run, 3, 1, 5, 4, 3, 2);
    CheckpointStore resumed = store(run, 3);
    assertThat(StepsOnlyFileSystem.openingsOf(() -> resumed.save(state(6), 6))).isEqualTo(4);
    assertThat(StepsOnlyFileSystem.openingsOf(() -> resumed.save(state(7), 7))).isZero();
    assertThat(folders(run))
        .containsExactly("round-000007", "round-000006", "round-000005", "round-000001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest 3", "best 1", "2 2", "0002 2"})
  void eachCanBeChosen(String choice) throws IOException {
    saveAll("run", 3, 1, 2, 3);
    String[] words = choice.split(" ");
    var chosen = CheckpointChoice.of(words[0]).parameters(store("run", 3)).orElseThrow();
    int round = Integer.parseInt(words[1]);
    assertThat(chosen.round()).isEqualTo(round);
    assertThat(chosen.parameters()).isEqualTo(state(round).vectors().read(Vector.PARAMETERS, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "best", "2"})
  void aNewRunHasNoneToChoose(String word) throws IOException {
    assertThat(CheckpointChoice.of(word).parameters(store("run", 3))).isEmpty();
  }

  @Test
  void aRoundThatIsNotThereIsRefusedWithThoseThatAre() throws IOException {
    saveAll("run", 3, 1, 2, 3);
    Files.delete(folder.resolve("run/checkpoints/round-000002/manifest.json")); // so unfinished
    assertThatThrownBy(() -> store("run", 3).parametersOf(2))
        .hasMessageContaining("has no checkpoint of round 2; it has those of the rounds [3, 1]")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
  }

  /** Whoever names a round gets no other in its place. */
  @Test
  void aDamagedRoundIsRefusedWithItsFile() throws IOException {
    saveAll("run", 3, 1, 2);
    damage(1);
    assertThatThrownBy(() -> store("run", 3).parametersOf(1))
        .hasMessageContaining("round-000001/parameters.safetensors is damaged: its SHA-256")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  /** The disk's own checksums, which are looked at first. */
  @Test
  void aRoundThatADiskHasDamagedIsRefusedWithItsFile() throws IOException {
    saveAll("run", 3, 1);
    Path file = folder.resolve("run/checkpoints/round-000001/parameters.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> store("run", 3).parametersOf(1))
        .hasMessageContaining("round-000001 is damaged: ")
        .hasMessageContaining("parameters.safetensors")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.DATA));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "newest", "Best", "-1", "1.5", "round-000002", "99999999999"})
  void anotherWordIsRefused(String word) {
    assertThatThrownBy(() -> CheckpointChoice.of(word))
        .hasMessage(
            "--checkpoint must be latest, best or the number of a round, was '" + word + "'")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
  }

  private List<String> folders(String run) throws IOException {
    return CheckpointStore.folders(files(run));
  }
}
