/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class SlotsTest {
  private final AtomicInteger slots = new AtomicInteger();

  @Test
  void slotsAreWaitedForAndTheWaitHasABound() {
    AtomicLong clock = new AtomicLong();
    List<Long> looked = new ArrayList<>();
    Slots waiting =
        new Slots(
            slots::get,
            clock::get,
            pause -> {
              looked.add(clock.addAndGet(pause.toNanos()) / 1_000_000_000);
              slots.set(looked.size() < 3 ? 1 : 2);
            });

    waiting.await(2, 10);
    assertThat(looked).containsExactly(1L, 2L, 3L);

    slots.set(1);
    looked.clear();
    Slots never =
        new Slots(slots::get, clock::get, pause -> looked.add(clock.addAndGet(pause.toNanos())));
    assertThatThrownBy(() -> never.await(2, 10))
        .hasMessageContaining("after 10 s the executors have 1 slots, min-workers asks for 2")
        .hasMessageContaining("raise min-workers-seconds")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));
    assertThat(looked).hasSize(10);
  }
}
