/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.session.QuickLocalFileSystem;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.Objective;
import org.splitmask.train.model.Objective.Branches;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.SplitMaskNetwork;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.Range;

class CheckpointStoreTest {
  private static final ParameterManifest LAYOUT =
      SplitMaskNetwork.create(
              NetworkShape.plain(2, 3, 4, 1, 2, 6, 1, Positions.LEARNED),
              new Objective(Branches.TWO, 5, 1, 1, 0.2, Negatives.OPPOSITE),
              DataType.FLOAT,
              1)
          .manifest();

  @TempDir private Path folder;
  private final Configuration hadoop = new Configuration();

  @BeforeEach
  void fullDisk() {
    FullDisk.room = true;
    hadoop.set("fs.full.impl", FullDisk.class.getName());
    hadoop.set("fs.steps.impl", StepsOnlyFileSystem.class.getName());
    hadoop.set("fs.file.impl", QuickLocalFileSystem.class.getName()); // as in a local session
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
  }

  @Test
  void theNewestComesBackToTheBit() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(2));
    TrainingState saved = state(4);
    store.save(saved);

    TrainingState loaded = store("run", 3).latest().orElseThrow();
    assertThat(loaded.round()).isEqualTo(4);
    assertThat(loaded.cursor()).isEqualTo(saved.cursor());
    assertThat(loaded.velocity()).isEqualTo(saved.velocity());
    assertThat(loaded.optimizer()).usingRecursiveComparison().isEqualTo(saved.optimizer());
  }

  @Test
  void aNewRunHasNone() throws IOException {
    assertThat(store("run", 3).latest()).isEmpty();
  }

  @Test
  void onlyTheNewestStay() throws IOException {
    CheckpointStore store = store("run", 2);
    for (int round = 1; round <= 4; round++) {
      store.save(state(round));
    }
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-000004", "round-000003");
  }

  @Test
  void aDamagedOneIsPassedOverForTheOneBefore() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    store.save(state(2));
    damage(2);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  /** The run trains its way back to the damaged round; what it saves there then stays. */
  @Test
  void aDamagedOneIsReplacedWhenItsRoundComesAgain() throws IOException {
    store("run", 3).save(state(1));
    store("run", 3).save(state(2));
    damage(2);
    CheckpointStore resumed = store("run", 3);
    assertThat(resumed.latest().orElseThrow().round()).isEqualTo(1);
    resumed.save(state(2));
    assertThat(store("run", 3).latest().orElseThrow().round()).isEqualTo(2);
  }

  @Test
  void whereAllAreDamagedNothingBeginsAnew() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    damage(1);
    assertThatThrownBy(store::latest)
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("none of the 1 checkpoints")
        .hasMessageContaining("another --output");
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
    store.save(state(1));
    store.save(state(2));
    Files.delete(folder.resolve("run/checkpoints/round-000002").resolve(file));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[1]", "{\"version\": 0}"})
  void oneWhoseManifestIsNoneIsPassedOver(String manifest) throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    store.save(state(2));
    rewriteManifest(2, old -> manifest);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  @Test
  void oneWhoseCursorCannotBeIsPassedOver() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    store.save(state(2));
    rewriteManifest(2, old -> old.replaceFirst("\\[ 0, 5 \\]", "[ 5, 0 ]"));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);
  }

  /** It is whole; an older program must not train on beside it, and then put it out. */
  @Test
  void oneOfANewerVersionEndsTheCommandAndStays() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    store.save(state(2));
    rewriteManifest(2, old -> old.replace("\"version\" : 2", "\"version\" : 3"));
    assertThatThrownBy(store::latest)
        .hasMessageContaining("round-000002 has version 3, this program reads 2")
        .hasMessageContaining("the program that wrote it")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    assertThat(CheckpointStore.folders(files("run"))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-000002/manifest", "round-000002/velocity"})
  void whatTheStorageDoesNotGiveIsTheClustersFailureAndStays(String file) throws IOException {
    String run = "steps:" + folder.resolve("run");
    store(run, 3).save(state(1));
    store(run, 3).save(state(2));
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

  /** A local disk says "no such file" of every file that it cannot open. */
  @Test
  void aFileThatMayNotBeReadIsNotMissing() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(1));
    store.save(state(2));
    Path file = folder.resolve("run/checkpoints/round-000002/velocity.safetensors");
    Path kept = file.resolveSibling("kept");
    Files.move(file, kept);
    Files.createDirectory(file); // which the superuser cannot open as a file either
    assertThatThrownBy(store::latest)
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    Files.delete(file);
    Files.move(kept, file);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(2);
  }

  @Test
  void roundsBeyondSixDigitsAreNewer() throws IOException {
    CheckpointStore store = store("run", 2);
    for (int round : new int[] {999_998, 999_999, 1_000_000}) {
      store.save(state(round));
    }
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1_000_000);
    assertThat(store.latestPath().orElseThrow().getName()).isEqualTo("round-1000000");
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-1000000", "round-999999");
    store.save(state(Integer.MAX_VALUE));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void whatIsNoCheckpointIsLeftAlone() throws IOException {
    CheckpointStore store = store("run", 1);
    Path checkpoints = folder.resolve("run/checkpoints");
    for (String other : List.of("round-12", "round-000001x", ".round-000001.tmp", "round-")) {
      Files.createDirectories(checkpoints.resolve(other));
    }
    store.save(state(2));
    store.save(state(3));
    assertThat(CheckpointStore.folders(files("run"))).containsExactly("round-000003");
    assertThat(checkpoints.resolve("round-12")).exists();
  }

  /** The damaged one is newer than all that is trained; it must not count among those kept. */
  @Test
  void aDamagedOneDoesNotPutOutTheGoodOne() throws IOException {
    store("run", 1).save(state(9));
    damage(9);
    store("run", 2).save(state(4));
    CheckpointStore resumed = store("run", 1);
    assertThat(resumed.latest().orElseThrow().round()).isEqualTo(4);

    resumed.save(state(5));

    assertThat(resumed.latestPath().orElseThrow().getName()).isEqualTo("round-000005");
    assertThat(store("run", 1).latest().orElseThrow().round()).isEqualTo(5);
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-000009", "round-000005");
  }

  @Test
  void aFullDiskIsSaidSoAndTheLastCheckpointStands() throws IOException {
    CheckpointStore store = store("full:" + folder.resolve("run"), 3);
    TrainingState first = state(1);
    store.save(first);
    FullDisk.room = false;
    assertThatThrownBy(() -> store.save(state(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write full:")
        .hasMessageContaining("No space left on device")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);

    FullDisk.room = true;
    store.save(state(2));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(2);
  }

  private void damage(int round) throws IOException {
    String name = "run/checkpoints/round-00000%d/parameters.safetensors".formatted(round);
    Path file = folder.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private void rewriteManifest(int round, UnaryOperator<String> change) throws IOException {
    Path file = folder.resolve("run/checkpoints/round-00000%d/manifest.json".formatted(round));
    String old = Files.readString(file);
    String changed = change.apply(old);
    assertThat(changed).isNotEqualTo(old);
    Files.writeString(file, changed);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private CheckpointStore store(String run, int kept) {
    return new CheckpointStore(files(run), LAYOUT, kept);
  }

  private RunFiles files(String run) {
    return new RunFiles(run.contains(":") ? run : folder.resolve(run).toString(), hadoop);
  }

  private static TrainingState state(int round) {
    Random random = new Random(round);
    OptimizerState optimizer =
        new OptimizerState(vector(random), vector(random), vector(random), 10L * round);
    Cursor cursor =
        new Cursor(
            1,
            7,
            3,
            8,
            List.of(List.of(new Range(0, 5)), List.of(new Range(5, 10 + round % 1000))));
    return new TrainingState(round, optimizer, vector(random), cursor);
  }

  private static float[] vector(Random random) {
    float[] vector = new float[LAYOUT.length()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /** The local disk under the scheme {@code full:}, with or without room. */
  public static final class FullDisk extends RawLocalFileSystem {
    static volatile boolean room = true;

    /** Nothing; Hadoop would start a program for each file. */
    @Override
    public void setPermission(
        org.apache.hadoop.fs.Path path, org.apache.hadoop.fs.permission.FsPermission permission) {}

    @Override
    public String getScheme() {
      return "full";
    }

    @Override
    public URI getUri() {
      return URI.create("full:///");
    }

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path file,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      org.apache.hadoop.fs.Path where = room ? file : new org.apache.hadoop.fs.Path("/dev/full");
      return super.create(where, overwrite, bufferSize, replication, blockSize, progress);
    }
  }
}
