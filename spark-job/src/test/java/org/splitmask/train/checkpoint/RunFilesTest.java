/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.session.QuickLocalFileSystem;

class RunFilesTest {
  private static final String NAME = "config.yaml";

  /** More than a replacement has points to be killed at. */
  private static final int MOST_POINTS = 60;

  private static final Configuration HADOOP = StepsOnlyFileSystem.configuration();

  static {
    HADOOP.set("fs.file.impl", QuickLocalFileSystem.class.getName()); // as in a local session
    HADOOP.setBoolean("fs.file.impl.disable.cache", true);
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"steps:", ""})
  void aFileIsReplacedAndNothingElseStays(String scheme) throws IOException {
    RunFiles files = files(scheme + folder.resolve("run"));
    assertThat(files.exists(NAME)).isFalse();
    for (String text : List.of("one", "two", "three")) {
      files.replace(NAME, text);

      assertThat(files.text(NAME)).isEqualTo(text);
      assertThat(files.exists(NAME)).isTrue();
      assertThat(names("run")).containsExactly(NAME);
    }
  }

  /** Two kills one after the other, at every pair of points, and then the work is done. */
  @Test
  void wheneverItIsKilledTheOldOrTheNewFileIsThere() throws IOException {
    int pairs = 0;
    boolean isKilledFirst = true;
    for (int first = 1; isKilledFirst; first++) {
      assertThat(first).isLessThan(MOST_POINTS);
      boolean isKilledAgain = true;
      for (int second = 1; isKilledAgain; second++) {
        assertThat(second).isLessThan(MOST_POINTS);
        String run = "steps:" + folder.resolve(first + "-" + second);
        files(run).replace(NAME, "old");

        isKilledFirst = replaceKilledAt(first, run, "new");
        String before = files(run).text(NAME);
        assertThat(before).isIn("old", "new");
        assertThat(files(run).exists(NAME)).isTrue();
        isKilledAgain = replaceKilledAt(second, run, "newer");
        assertThat(files(run).text(NAME)).as("after %d, %d", first, second).isIn(before, "newer");
        assertThat(files(run).exists(NAME)).isTrue();

        files(run).replace(NAME, "newest");
        assertThat(files(run).text(NAME)).isEqualTo("newest");
        assertThat(names(first + "-" + second)).containsExactly(NAME);
        pairs++;
      }
    }
    assertThat(pairs).isGreaterThan(100);
  }

  @Test
  void aNewFileIsThereWholeOrNotAtAll() throws IOException {
    boolean isKilled = true;
    for (int point = 1; isKilled; point++) {
      String run = "steps:" + folder.resolve("" + point);
      isKilled = replaceKilledAt(point, run, "new");
      RunFiles files = files(run);
      assertThat(files.exists(NAME) ? files.text(NAME) : "none").isIn("none", "new");
    }
  }

  @Test
  void whoReadsWhileItIsReplacedOnALocalDiskSeesTheOldOrTheNewFile() throws Exception {
    RunFiles files = files(folder.resolve("run").toString());
    List<String> texts = List.of("a".repeat(70_000), "b".repeat(9));
    files.replace(NAME, texts.get(0));
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> reads =
          reader.submit(
              () -> {
                int count = 0;
                while (!isOver.get() || count == 0) {
                  assertThat(texts.contains(files.text(NAME))).isTrue();
                  count++;
                }
                return count;
              });
      for (int i = 0; i < 300; i++) {
        files.replace(NAME, texts.get(i % 2));
      }
      isOver.set(true);
      assertThat(reads.get()).isPositive();
    } finally {
      reader.shutdownNow();
    }
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsReadAgainButNotForEver() throws IOException {
    RunFiles files = files("steps:" + folder.resolve("run"));
    files.replace(NAME, "new");
    StepsOnlyFileSystem.setOtherChecksums(4);
    assertThat(files.text(NAME)).isEqualTo("new");
    StepsOnlyFileSystem.setOtherChecksums(5);
    assertThatThrownBy(() -> files.text(NAME)).isInstanceOf(ChecksumException.class);
    assertThat(files.text(NAME)).isEqualTo("new");
  }

  /** After a kill between any two of its steps there may be a file without checksums. */
  @Test
  void onALocalDiskTheChecksumsAreThoseOfTheFile() throws IOException {
    RunFiles files = files(folder.resolve("run").toString());
    Path checksums = folder.resolve("run/." + NAME + ".crc");
    files.replace(NAME, "old");
    assertThat(checksums).exists();
    Files.delete(checksums);
    assertThat(files.text(NAME)).isEqualTo("old");

    files.replace(NAME, "something else");
    assertThat(files.text(NAME)).isEqualTo("something else");

    Files.writeString(folder.resolve("run").resolve(NAME), "something odd!");
    assertThatThrownBy(() -> files.text(NAME)).isInstanceOf(ChecksumException.class);
    files.replace(NAME, "new");
    assertThat(files.text(NAME)).isEqualTo("new");
  }

  private static boolean replaceKilledAt(int point, String run, String text) throws IOException {
    RunFiles files = files(run);
    return StepsOnlyFileSystem.killedAt(point, () -> files.replace(NAME, text));
  }

  private List<String> names(String run) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("." + NAME + ".crc")) // Hadoop's, on a local disk
          .toList();
    }
  }

  private static RunFiles files(String run) {
    return new RunFiles(run, HADOOP);
  }
}
