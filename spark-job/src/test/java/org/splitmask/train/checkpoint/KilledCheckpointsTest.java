/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.state.VectorStore.Vector;

/** Kills between any two requests, where a rename does not replace and where there is none. */
class KilledCheckpointsTest extends CheckpointFixture {
  /** More than a checkpoint has points to be killed at. */
  private static final int MOST_POINTS = 200;

  @ParameterizedTest
  @ValueSource(strings = {"steps:", "puts:"})
  void wheneverItIsKilledTheLastCheckpointStandsOrTheNewOneIsWhole(String scheme)
      throws IOException {
    HADOOP.set("fs.puts.impl", PutsOnlyFileSystem.class.getName());
    boolean killed = true;
    for (int point = 1; killed; point++) {
      assertThat(point).isLessThan(MOST_POINTS);
      String run = scheme + folder.resolve("run-" + point);
      store(run, 1).save(state(1), LOSS);

      CheckpointStore store = store(run, 1);
      killed = StepsOnlyFileSystem.killedAt(point, () -> store.save(state(2), LOSS));

      TrainingState resumed = store(run, 1).latest().orElseThrow();
      assertThat(resumed.round()).isIn(killed ? List.of(1, 2) : List.of(2));
      assertIsWhole(resumed);
      store(run, 1).save(state(2), LOSS);
      assertIsWhole(store(run, 1).latest().orElseThrow());
      store(run, 1).save(state(3), LOSS);
      assertThat(CheckpointStore.folders(files(run))).containsExactly("round-000003");
    }
  }

  /** The third is better than the first, the second is not. */
  @ParameterizedTest
  @ValueSource(strings = {"steps:", "puts:"})
  void wheneverItIsKilledTheBestUntilThenStands(String scheme) throws IOException {
    HADOOP.set("fs.puts.impl", PutsOnlyFileSystem.class.getName());
    boolean killed = true;
    for (int point = 1; killed; point++) {
      assertThat(point).isLessThan(2 * MOST_POINTS);
      String run = scheme + folder.resolve("best-" + point);
      saveAll(run, 1, 2, 3);
      CheckpointStore store = store(run, 1);
      killed = StepsOnlyFileSystem.killedAt(point, () -> store.save(state(3), 1));

      int best = store(run, 1).bestParameters().orElseThrow().round();
      assertThat(best).isIn(killed ? List.of(1, 3) : List.of(3));
      store(run, 1).save(state(3), 1);
      store(run, 1).save(state(4), 2);
      assertThat(CheckpointStore.folders(files(run)))
          .containsExactly("round-000004", "round-000003");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps:", "puts:"})
  void theFirstOneIsThereWholeOrNotAtAll(String scheme) throws IOException {
    HADOOP.set("fs.puts.impl", PutsOnlyFileSystem.class.getName());
    boolean killed = true;
    for (int point = 1; killed; point++) {
      String run = scheme + folder.resolve("new-" + point);
      killed = StepsOnlyFileSystem.killedAt(point, () -> store(run, 1).save(state(1), LOSS));
      Optional<TrainingState> resumed = store(run, 1).latest();
      assertThat(killed || resumed.isPresent()).isTrue();
      resumed.ifPresent(KilledCheckpointsTest::assertIsWhole);
    }
  }

  private static void assertIsWhole(TrainingState state) {
    TrainingState saved = state(state.round());
    for (Vector vector : Vector.values()) {
      assertThat(state.vectors().read(vector, 0)).isEqualTo(saved.vectors().read(vector, 0));
    }
  }

  /** Closing a stream puts the object; what failed half-way must not be put. */
  @ParameterizedTest
  @ValueSource(strings = {"steps:", "puts:", "file:"})
  void aWriterThatFailsLeavesTheOldFile(String scheme) throws IOException {
    HADOOP.set("fs.puts.impl", PutsOnlyFileSystem.class.getName());
    RunFiles files = files(scheme + folder.resolve("run"));
    files.replace("config.yaml", "old");

    assertThatThrownBy(
            () ->
                files.replace(
                    "config.yaml",
                    out -> {
                      out.write('n');
                      throw new IOException("the vector is gone");
                    }))
        .hasMessageContaining("the vector is gone");

    assertThat(files.text("config.yaml")).isEqualTo("old");
  }
}
