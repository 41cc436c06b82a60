/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowStartTest {
  @Test
  void aStartThatTakesLongIsToldOfAgainAndAgain() {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();

    String given =
        SlowStart.watched(
            "yarn",
            Duration.ofMillis(5),
            told::add,
            () -> {
              assertThat(next(told)).contains("yarn has not started", "--queue");
              assertThat(next(told)).contains("yarn has not started", "--queue");
              return "a session";
            });

    assertThat(given).isEqualTo("a session");
  }

  private static String next(BlockingQueue<String> told) {
    try {
      return String.valueOf(told.poll(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStartThatIsQuickSaysNothing() {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();

    assertThat(SlowStart.watched("yarn", Duration.ofDays(1), told::add, () -> 1)).isEqualTo(1);

    assertThat(told).isEmpty();
  }

  @Test
  void whatToDoDependsOnTheManager() {
    assertThat(SlowStart.message("spark://host:7077", 120))
        .isEqualTo(
            "spark://host:7077 has not started the application for 120 s; check whether the"
                + " cluster manager can be reached from here");
  }
}
