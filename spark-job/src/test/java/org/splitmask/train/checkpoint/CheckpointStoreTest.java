/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.FullDisk;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.state.VectorStore.Vector;

class CheckpointStoreTest extends CheckpointFixture {
  @BeforeEach
  void fullDisk() {
    FullDisk.setRoom(Long.MAX_VALUE);
    HADOOP.set("fs.full.impl", FullDisk.class.getName());
  }

  @Test
  void theNewestComesBackToTheBit() throws IOException {
    CheckpointStore store = store("run", 3);
    store.save(state(2), LOSS);
    TrainingState saved = state(4);
    store.save(saved, LOSS);

    TrainingState loaded = store("run", 3).latest().orElseThrow();
    assertThat(loaded.round()).isEqualTo(4);
    assertThat(loaded.cursor()).isEqualTo(saved.cursor());
    assertThat(loaded.updates()).isEqualTo(saved.updates());
    for (Vector vector : Vector.values()) {
      assertThat(loaded.vectors().read(vector, 0)).isEqualTo(saved.vectors().read(vector, 0));
    }
  }

  @Test
  void aNewRunHasNone() throws IOException {
    assertThat(store("run", 3).latest()).isEmpty();
  }

  @Test
  void onlyTheNewestStay() throws IOException {
    CheckpointStore store = store("run", 2);
    for (int round = 1; round <= 4; round++) {
      store.save(state(round), LOSS);
    }
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-000004", "round-000003");
  }

  @Test
  void roundsBeyondSixDigitsAreNewer() throws IOException {
    CheckpointStore store = store("run", 2);
    for (int round : new int[] {999_998, 999_999, 1_000_000}) {
      store.save(state(round), LOSS);
    }
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1_000_000);
    assertThat(store.latestPath().orElseThrow().getName()).isEqualTo("round-1000000");
    assertThat(CheckpointStore.folders(files("run")))
        .containsExactly("round-1000000", "round-999999");
    store.save(state(Integer.MAX_VALUE), LOSS);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void whatIsNoCheckpointIsLeftAlone() throws IOException {
    CheckpointStore store = store("run", 1);
    Path checkpoints = folder.resolve("run/checkpoints");
    for (String other : List.of("round-12", "round-000001x", ".round-000001.tmp", "round-")) {
      Files.createDirectories(checkpoints.resolve(other));
    }
    store.save(state(2), LOSS);
    store.save(state(3), LOSS);
    assertThat(CheckpointStore.folders(files("run"))).containsExactly("round-000003");
    assertThat(checkpoints.resolve("round-12")).exists();
  }

  @Test
  void aFullDiskIsSaidSoAndTheLastCheckpointStands() throws IOException {
    CheckpointStore store = store("full:" + folder.resolve("run"), 3);
    TrainingState first = state(1);
    store.save(first, LOSS);
    FullDisk.setRoom(0);
    assertThatThrownBy(() -> store.save(state(2), LOSS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write full:")
        .hasMessageContaining("No space left on device")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    assertThat(store.latest().orElseThrow().round()).isEqualTo(1);

    FullDisk.setRoom(Long.MAX_VALUE);
    store.save(state(2), LOSS);
    assertThat(store.latest().orElseThrow().round()).isEqualTo(2);
  }
}
