/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class TableLeaseTest {
  private static final String FILE = "_writer.lease";

  /** Above what Linux gives out (pid_max is 4,194,304 at most). */
  private static final String DEAD_PROCESS = "99999999";

  @TempDir private Path folder;

  @Test
  void keepsASecondWriterAwayUntilItIsGivenBack() {
    try (WriteGuard lease = take("run-1")) {
      assertThat(lease).isNotNull();
      assertThatThrownBy(() -> take("run-2"))
          .hasMessageContaining("is being written by run run-1 (process ")
          .hasMessageContaining("delete file:" + folder.resolve(FILE))
          .extracting(e -> ((SplitMaskException) e).blame())
          .isEqualTo(Blame.CLUSTER);
    }
    take("run-3").close();
    assertThat(folder.resolve(FILE)).doesNotExist();
  }

  @Test
  void takesOverWhatAKilledProcessOfThisMachineLeft() throws IOException {
    String host = thisHost();
    Files.writeString(folder.resolve(FILE), String.join("\n", "run-1", host, DEAD_PROCESS, "then"));

    take("run-2").close();

    assertThat(folder.resolve(FILE)).doesNotExist();
  }

  @Test
  void aProcessThatHasTheNumberOfADeadOneIsNotTakenForIt() throws IOException {
    String host = thisHost();
    String mine = String.valueOf(ProcessHandle.current().pid());
    Files.writeString(
        folder.resolve(FILE), String.join("\n", "run-1", host, mine, "2001-01-01T00:00:00Z"));

    take("run-2").close();

    assertThat(folder.resolve(FILE)).doesNotExist();
  }

  @Test
  void anotherMachinesLeaseIsTakenOverAfterALongSilence() throws IOException {
    Path lease = folder.resolve(FILE);
    Files.writeString(lease, String.join("\n", "run-1", "elsewhere", DEAD_PROCESS, "then"));
    assertThatThrownBy(() -> take("run-2"))
        .hasMessageContaining(
            "process " + DEAD_PROCESS + " on elsewhere, last heard of 0 seconds ago")
        .hasMessageContaining("after 15 minutes of silence");
    Files.writeString(lease, "");
    assertThatThrownBy(() -> take("run-2")).hasMessageContaining("run unknown");

    FileTime longAgo = FileTime.from(Instant.now().minusSeconds(20 * 60));
    Files.setLastModifiedTime(lease, longAgo);
    Path heartbeat = Files.createFile(folder.resolve("_writer.heartbeat-unknown"));
    assertThatThrownBy(() -> take("run-2")).hasMessageContaining("heard of 0 seconds ago");
    Files.setLastModifiedTime(heartbeat, longAgo);
    WriteGuard taken = take("run-2");

    taken.check();
    Files.writeString(lease, "taken over");
    assertThatThrownBy(taken::check).hasMessageContaining("was taken over by unknown");
    taken.close();
    assertThat(lease).as("of its new holder").exists();
    assertThat(heartbeat).doesNotExist();
  }

  @Test
  void aLeaseThatIsGoneIsNobodysAndTheStorageIsToBeLookedAt() throws IOException {
    WriteGuard taken = take("run-1");
    Files.delete(folder.resolve(FILE));

    assertThatThrownBy(taken::check)
        .hasMessageContaining("is gone")
        .hasMessageContaining("unmounted")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    taken.close();
  }

  /** As a lease of this process has it. */
  private String thisHost() throws IOException {
    try (WriteGuard lease = take("to-read")) {
      assertThat(lease).isNotNull();
      return Files.readAllLines(folder.resolve(FILE)).get(1);
    }
  }

  /** Two containers of one name: the number of the process says nothing. */
  @Test
  void aHostOfTheSameNameNeedNotBeThisOne() throws IOException {
    String name = InetAddress.getLocalHost().getHostName();
    Files.writeString(
        folder.resolve(FILE), String.join("\n", "run-1", name + " other", DEAD_PROCESS, "then"));

    assertThatThrownBy(() -> take("run-2"))
        .hasMessageContaining("process " + DEAD_PROCESS + " on " + name + ", last heard");
  }

  private WriteGuard take(String runId) {
    return TableHome.of(folder.toString(), new Configuration()).guard(runId);
  }
}
