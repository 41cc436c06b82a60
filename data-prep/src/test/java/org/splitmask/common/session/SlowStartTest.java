/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class SlowStartTest {
  private static final Duration LONG = Duration.ofDays(1);

  @Test
  void aStartThatNeverComesIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                SlowStart.watched(
                    "yarn",
                    LONG,
                    Duration.ofMillis(20),
                    text -> {},
                    () -> {
                      try {
                        return never.await(60, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }))
        .hasMessageContaining("yarn has not started the application")
        .hasMessageContaining("choose another --queue")
        .hasMessageContaining("spark.splitmask.startTimeout")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void otherFailuresOfAStartAreTheirOwn() {
    IllegalArgumentException failure = new IllegalArgumentException("no such master");

    assertThatThrownBy(
            () ->
                SlowStart.watched(
                    "yarn",
                    LONG,
                    LONG,
                    text -> {},
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void theLongestWaitIsASettingOfSparks() {
    SparkConf conf = new SparkConf(false);
    assertThat(SparkSessions.mostToStart(conf)).isEqualTo(Duration.ofHours(2));
    conf.set(SparkSessions.START_TIMEOUT, "30m");
    assertThat(SparkSessions.mostToStart(conf)).isEqualTo(Duration.ofMinutes(30));
    for (String wrong : new String[] {"0s", "8d", "soon"}) {
      conf.set(SparkSessions.START_TIMEOUT, wrong);
      assertThatThrownBy(() -> SparkSessions.mostToStart(conf))
          .hasMessageContaining("spark.splitmask.startTimeout must be")
          .hasMessageContaining(wrong)
          .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.USER));
    }
  }

  @Test
  void aStartThatTakesLongIsToldOfAgainAndAgain() {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();

    String given =
        SlowStart.watched(
            "yarn",
            Duration.ofMillis(5),
            LONG,
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

    assertThat(SlowStart.watched("yarn", LONG, LONG, told::add, () -> 1)).isEqualTo(1);

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
