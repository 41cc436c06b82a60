/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.averaging.RoundResults;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.state.VectorStore;

class TensorBoardFileTest {
  @TempDir private Path folder;

  /** Against what TensorBoard's own RecordWriter and protocol buffers write (2.21.0). */
  @Test
  void recordsAreThoseOfTensorBoard() {
    Map<String, Number> figures = new LinkedHashMap<>();
    figures.put("train/loss", 3.5);
    figures.put("time/stepSeconds", 0.3);

    assertThat(HexFormat.of().formatHex(TensorBoardRecords.start(1_700_000_000.25, 301)))
        .isEqualTo(
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
                + "100000000000000095fbfe180900001040fc54d94110ad023a020801cb79b93b");
    assertThat(HexFormat.of().formatHex(TensorBoardRecords.figures(1_700_000_001.5, 300, figures)))
        .isEqualTo(
            "3a000000000000001295eae20900006040fc54d94110ac022a2c0a110a0a747261696e2f6c6f7373"
                + "15000060400a170a1074696d652f737465705365636f6e6473159a99993eb0b0d60b");
  }

  @Test
  void everyStartHasAFileOfItsOwn() throws IOException {
    TensorBoardFile first = file(0, 1000);
    first.onRound(RoundResults.of(state(1)));
    assertThat(files()).as("not before the checkpoint").isEmpty();
    first.onRound(RoundResults.of(state(2)));
    byte[] written = Files.readAllBytes(folder.resolve("tensorboard").resolve(files().get(0)));
    first.onRound(RoundResults.of(state(3)));
    first.onEnd(state(3));
    assertThat(Files.readAllBytes(folder.resolve("tensorboard").resolve(files().get(0))))
        .startsWith(written)
        .hasSizeGreaterThan(written.length);

    TensorBoardFile resumed = file(3, 2000);
    resumed.onRound(RoundResults.of(state(5)));
    resumed.onEnd(state(5));
    assertThat(files())
        .containsExactly(
            "events.out.tfevents.0000001000.round-000000",
            "events.out.tfevents.0000002000.round-000003");
  }

  /** A nightly job starts runs that are over again and again. */
  @Test
  void aRunThatIsOverGetsNoFurtherFile() throws IOException {
    file(3, 2000).onEnd(state(3));
    assertThat(folder.resolve("tensorboard")).doesNotExist();
  }

  /** The folder is a file, so that nothing can be written into it. */
  @Test
  void whatCannotBeWrittenDoesNotEndTheRun() throws IOException {
    Files.writeString(folder.resolve("tensorboard"), "in the way");
    TensorBoardFile file = file(0, 1000);
    file.onRound(RoundResults.of(state(2)));
    file.onRound(RoundResults.of(state(4)));
    file.onEnd(state(4));
    assertThat(folder.resolve("tensorboard")).hasContent("in the way");
  }

  private TensorBoardFile file(int round, long seconds) {
    RunFiles run = new RunFiles(folder.toString(), new Configuration());
    InstantSource clock = InstantSource.system();
    return new TensorBoardFile(
        run, 2, state(round), () -> Instant.ofEpochSecond(seconds, clock.instant().getNano()));
  }

  private List<String> files() throws IOException {
    Path tensorboard = folder.resolve("tensorboard");
    if (!Files.exists(tensorboard)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(tensorboard)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static TrainingState state(int round) {
    VectorStore vectors = VectorStore.create(1, Long.MAX_VALUE, Path.of(""));
    return new TrainingState(round, 10L * round, vectors, Cursor.start());
  }
}
