/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.splitmask.prep.image.DecodeResult.Refused;

@Timeout(60)
class TimeLimitTest {
  private static final Refused DONE = new Refused(RejectionReason.EMPTY, "done");

  @Test
  void workThatTakesTooLongIsRefusedAndTheNextGoesOn() {
    TimeLimit limit = new TimeLimit(Duration.ofMillis(150));
    CountDownLatch never = new CountDownLatch(1);

    DecodeResult result =
        limit.run(
            () -> {
              never.await();
              return DONE;
            });

    assertThat(result)
        .isEqualTo(new Refused(RejectionReason.TIMEOUT, "not decoded within max-seconds, 0.15"));
    assertThat(limit.run(() -> DONE)).isEqualTo(DONE);
  }

  @Test
  void workThatCannotBeInterruptedDoesNotHoldUpTheNext() {
    TimeLimit limit = new TimeLimit(Duration.ofMillis(150));
    CountDownLatch end = new CountDownLatch(1);

    DecodeResult result =
        limit.run(
            () -> {
              while (end.getCount() > 0) {
                Thread.onSpinWait();
              }
              return DONE;
            });

    assertThat(((Refused) result).reason()).isEqualTo(RejectionReason.TIMEOUT);
    assertThat(limit.run(() -> DONE)).isEqualTo(DONE);
    end.countDown();
  }

  @Test
  void anInterruptedTaskStops() {
    TimeLimit limit = new TimeLimit(Duration.ofSeconds(30));
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> limit.run(() -> DONE))
        .isInstanceOf(CancellationException.class)
        .hasMessage("interrupted while a picture was decoded");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void defectsAndErrorsComeThrough() {
    TimeLimit limit = new TimeLimit(Duration.ofSeconds(30));

    assertThatThrownBy(
            () ->
                limit.run(
                    () -> {
                      throw new OutOfMemoryError("too little");
                    }))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("too little");
  }
}
