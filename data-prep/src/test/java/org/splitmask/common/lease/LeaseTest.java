/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** A lease that a process of another host has, which may live or be dead. */
class LeaseTest {
  private static final Duration BEAT = Duration.ofMillis(200);

  @TempDir private Path folder;
  private FileSystem files;

  @BeforeEach
  void letAnotherHostHaveIt() throws IOException {
    files = FileSystem.getLocal(new Configuration());
    Files.writeString(
        folder.resolve("_driver.lease"), String.join("\n", "app-1", "elsewhere", "17", "then"));
  }

  @Test
  void aHolderThatGivesASignOfLifeKeepsIt() {
    Path heartbeat = folder.resolve("_driver.heartbeat-app-1");
    Repeater.Repetition beats =
        Repeater.onThread("the other host").every(BEAT, () -> write(heartbeat));
    try {
      assertThatThrownBy(() -> take(Duration.ofMinutes(1), Duration.ofMinutes(2)))
          .hasMessageContaining("the run r is being trained by application app-1")
          .hasMessageContaining("process 17 on elsewhere")
          .extracting(e -> ((SplitMaskException) e).blame())
          .isEqualTo(Blame.CLUSTER);
    } finally {
      beats.close();
    }
  }

  @Test
  void aHolderThatIsSilentLosesItWhileOneWaits() {
    try (Lease lease = take(Duration.ofSeconds(1), Duration.ofMinutes(2))) {
      lease.check();
      assertThat(folder.resolve("_driver.lease")).content().startsWith("app-2");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whoHasNoPatienceIsRefusedAtOnce() {
    assertThatThrownBy(() -> take(Duration.ofDays(1), Duration.ZERO))
        .hasMessageContaining("try again after 1440 minutes of silence");
  }

  private Lease take(Duration silence, Duration patience) {
    LeaseTerms terms =
        new LeaseTerms(
            "_driver", "the run r", "is being trained by application", BEAT, silence, patience);
    org.apache.hadoop.fs.Path path =
        files.makeQualified(new org.apache.hadoop.fs.Path(folder.toUri()));
    return Lease.take(files, path, "app-2", terms, Repeater.onThread("test"));
  }

  private static void write(Path file) {
    try {
      Files.writeString(file, ".");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
