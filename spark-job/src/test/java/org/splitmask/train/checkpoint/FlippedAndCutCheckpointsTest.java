/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * A bit of the newest checkpoint is another, or one of its files ends too early: the one before is
 * taken, and nothing ends the command. With Hadoop's checksums beside the files and without them: a
 * copy of a run may lack them.
 */
class FlippedAndCutCheckpointsTest extends CheckpointFixture {
  private static final long SEED = 20270208;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters.safetensors",
        "first-moment.safetensors",
        "second-moment.safetensors",
        "velocity.safetensors"
      })
  void aFlippedBitOfAVectorIsSeen(String file) throws IOException {
    byte[] whole = saveTwo(file);
    Random random = new Random(SEED);
    for (int flip = 0; flip < 12; flip++) {
      // A third in the first eight bytes, which say how long the header is.
      int at = random.nextInt(flip % 3 == 0 ? 8 : whole.length);
      write(file, flipped(whole, at, random.nextInt(8)), /* hasChecksums= */ false);
      assertThat(latest().round()).as("after a flip in byte %d", at).isEqualTo(1);
    }
  }

  /** In the name of its own checksum it makes no difference: all that counts is still there. */
  @Test
  void aFlippedBitOfAManifestIsSeenOrChangesNothing() throws IOException {
    String file = "manifest.json";
    byte[] whole = saveTwo(file);
    Random random = new Random(SEED);
    int seen = 0;
    for (int flip = 0; flip < 60; flip++) {
      int at = random.nextInt(whole.length);
      write(file, flipped(whole, at, random.nextInt(8)), /* hasChecksums= */ false);
      TrainingState taken = latest();
      seen += taken.round() == 1 ? 1 : 0;
      assertIsSaved(taken);
    }
    assertThat(seen).as("flips that were seen").isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters.safetensors",
        "first-moment.safetensors",
        "second-moment.safetensors",
        "velocity.safetensors",
        "manifest.json",
        ".parameters.safetensors.crc",
        ".manifest.json.crc"
      })
  void aFileThatIsCutIsSeenOrChangesNothing(String file) throws IOException {
    byte[] whole = saveTwo(file);
    for (int length : new int[] {0, 1, 8, whole.length / 2, whole.length - 1}) {
      for (boolean hasChecksums : new boolean[] {true, false}) {
        saveAgain();
        write(file, Arrays.copyOf(whole, length), hasChecksums);
        TrainingState taken = latest();
        if (!file.endsWith(".crc")) {
          assertThat(taken.round()).as("after a cut to %d bytes", length).isEqualTo(1);
        }
        assertIsSaved(taken);
      }
    }
  }

  /** Saves two checkpoints; the content of a file of the newer one. */
  private byte[] saveTwo(String file) throws IOException {
    store("run", 3).save(state(1), 1);
    store("run", 3).save(state(2), 1);
    return Files.readAllBytes(newest(file));
  }

  /** The newer one as it was, with all of Hadoop's checksums. */
  private void saveAgain() throws IOException {
    Files.deleteIfExists(newest("manifest.json"));
    store("run", 3).save(state(2), 1);
  }

  private TrainingState latest() throws IOException {
    return store("run", 3).latest().orElseThrow();
  }

  private Path newest(String file) {
    return folder.resolve("run/checkpoints/round-000002").resolve(file);
  }

  private void write(String file, byte[] content, boolean hasChecksums) throws IOException {
    Files.write(newest(file), content);
    if (!hasChecksums) {
      Files.deleteIfExists(newest("." + file + ".crc"));
    }
  }

  private static byte[] flipped(byte[] whole, int at, int bit) {
    byte[] flipped = whole.clone();
    flipped[at] ^= (byte) (1 << bit);
    return flipped;
  }

  private static void assertIsSaved(TrainingState taken) {
    TrainingState saved = state(taken.round());
    assertThat(taken.updates()).isEqualTo(saved.updates());
    assertThat(taken.cursor()).isEqualTo(saved.cursor());
    assertThat(taken.rateFactor()).isEqualTo(saved.rateFactor());
    for (Vector vector : Vector.values()) {
      assertThat(taken.vectors().read(vector, 0)).isEqualTo(saved.vectors().read(vector, 0));
    }
  }
}
