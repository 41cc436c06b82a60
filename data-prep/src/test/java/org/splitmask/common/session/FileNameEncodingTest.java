/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class FileNameEncodingTest {
  @Test
  void utf8ByAnyOfItsNamesIsTaken() {
    for (String name : new String[] {"UTF-8", "utf8", "UTF8"}) {
      assertThatCode(() -> FileNameEncoding.checkCommand(name)).doesNotThrowAnyException();
      assertThatCode(() -> FileNameEncoding.checkExecutor(name)).doesNotThrowAnyException();
    }
  }

  @Test
  void anyOtherIsRefusedWithTheRemedy() {
    for (String name : new String[] {"ANSI_X3.4-1968", "ISO-8859-1", "no such encoding", ""}) {
      assertRefused(
          () -> FileNameEncoding.checkCommand(name),
          "as " + name + " (sun.jnu.encoding)",
          "LC_ALL=C.UTF-8 (or another",
          "spark.yarn.appMasterEnv.LC_ALL=C.UTF-8",
          "spark.kubernetes.driverEnv.LC_ALL=C.UTF-8");
      assertRefused(
          () -> FileNameEncoding.checkExecutor(name),
          "an executor reads file names as " + name,
          "--conf spark.executorEnv.LC_ALL=C.UTF-8");
    }
  }

  private static void assertRefused(ThrowingCallable check, String... words) {
    assertThatThrownBy(check)
        .hasMessageContainingAll(words)
        .extracting(failure -> ((SplitMaskException) failure).blame())
        .isEqualTo(Blame.USER);
  }
}
