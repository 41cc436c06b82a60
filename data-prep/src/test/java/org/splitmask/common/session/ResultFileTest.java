/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class ResultFileTest {
  @TempDir private Path folder;
  private Path file = Path.of("");
  private ResultFile result = new ResultFile("-");

  @BeforeEach
  void name() {
    file = folder.resolve("results/night.json");
    result = new ResultFile(file.toUri().toString());
  }

  @Test
  void whatIsDoneIsReadAgain() throws IOException {
    result.begin();
    result.done(Map.of("rounds", 12, "checkpoint", "a/b"));

    assertThat(result.read()).isEqualTo(Map.of("rounds", 12, "checkpoint", "a/b"));
    assertThat(Files.readString(file))
        .startsWith("{\"exit\":{\"code\":0,\"name\":\"done\",\"worthRetry\":false}");
  }

  @Test
  void aFailureIsReadWithItsMessageAndCode() throws IOException {
    for (Blame blame : Blame.values()) {
      result.begin();
      result.failed(blame, "no such table");

      refuses(result::read, blame, "no such table");
      assertThat(Files.readString(file))
          .contains("\"code\":" + blame.exitCode() + ",", "\"worthRetry\":" + blame.worthRetry());
    }
    assertThat(Blame.CLUSTER.worthRetry()).isTrue();
    assertThat(Blame.USER.worthRetry()).isFalse();
  }

  @Test
  void theResultOfAnEarlierRunIsNotTakenForThisOne() throws IOException {
    result.begin();
    result.done(Map.of("rounds", 12));
    result.begin();

    refuses(result::read, Blame.CLUSTER, "has not ended");
  }

  @Test
  void noFileMeansNotBegun() {
    refuses(result::read, Blame.CLUSTER, "has not begun");
  }

  @Test
  void aFileThatIsCutOffIsNoResult() throws IOException {
    result.begin();
    result.done(Map.of("rounds", 12));
    String whole = Files.readString(file);
    for (int length = 0; length < whole.length() - 1; length++) {
      Files.writeString(file, whole.substring(0, length));
      forgetChecksum();
      refuses(result::read, Blame.CLUSTER, "cut off");
    }
  }

  @Test
  void anyOtherFileIsRefused() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x".repeat((1 << 20) + 1));
    refuses(result::read, Blame.DATA, "longer than 1048576 bytes");
  }

  /** Hadoop keeps one beside every local file that it writes. */
  private void forgetChecksum() throws IOException {
    Files.deleteIfExists(file.resolveSibling(".night.json.crc"));
  }

  private static void refuses(ThrowingCallable reading, Blame blame, String message) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            SplitMaskException.class, e -> assertThat(e.blame()).as(e.getMessage()).isEqualTo(blame))
        .hasMessageContaining(message);
  }
}
