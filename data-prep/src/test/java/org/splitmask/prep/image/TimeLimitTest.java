/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;

@Timeout(60)
class TimeLimitTest {
  private static final Refused TOO_LONG =
      new Refused(RejectionReason.TIMEOUT, "not decoded within max-seconds, 0.15");

  private final TimeLimit limit = new TimeLimit(Duration.ofMillis(150));
  private final TimeLimit ample = new TimeLimit(Duration.ofSeconds(30));

  @Test
  void resultsComeInTheOrderOfTheWork() {
    assertThat(ample.run(List.of(done(1), done(2), done(3))))
        .containsExactly(result(1), result(2), result(3));
    assertThat(ample.run(List.of())).isEmpty();
  }

  @Test
  void workThatTakesTooLongIsRefusedAndTheRestGoesOn() {
    CountDownLatch never = new CountDownLatch(1);
    Callable<DecodeResult> stuck =
        () -> {
          never.await();
          return result(0);
        };

    assertThat(limit.run(List.of(done(1), stuck, done(2), stuck, stuck, done(3))))
        .containsExactly(result(1), TOO_LONG, result(2), TOO_LONG, TOO_LONG, result(3));
  }

  @Test
  void workThatCannotBeInterruptedDoesNotHoldUpTheNext() {
    CountDownLatch end = new CountDownLatch(1);
    Callable<DecodeResult> spinning =
        () -> {
          while (end.getCount() > 0) {
            Thread.onSpinWait();
          }
          return result(0);
        };

    assertThat(limit.run(List.of(spinning, done(1)))).containsExactly(TOO_LONG, result(1));
    assertThat(limit.run(List.of(done(2)))).containsExactly(result(2));
    end.countDown();
  }

  @Test
  void theLimitIsThatOfOnePieceAndNotOfAll() {
    Callable<DecodeResult> slow =
        () -> {
          Thread.sleep(200);
          return result(0);
        };
    TimeLimit second = new TimeLimit(Duration.ofSeconds(2));

    assertThat(second.run(Collections.nCopies(15, slow))).hasSize(15).containsOnly(result(0));
  }

  @Test
  void anInterruptedTaskStops() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ample.run(List.of(done(1))))
        .isInstanceOf(CancellationException.class)
        .hasMessage("interrupted while a picture was decoded");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void defectsAndErrorsComeThrough() {
    Callable<DecodeResult> failing =
        () -> {
          throw new OutOfMemoryError("too little");
        };

    assertThatThrownBy(() -> ample.run(List.of(done(1), failing, done(2))))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("too little");
  }

  private static Callable<DecodeResult> done(int number) {
    return () -> result(number);
  }

  private static DecodeResult result(int number) {
    return new Refused(RejectionReason.EMPTY, "result " + number);
  }
}
