/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.splitmask.train.averaging.Quorum;

class OnTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong();
  private final List<CompletableFuture<String>> workers =
      Stream.generate(CompletableFuture<String>::new).limit(4).toList();

  @Test
  void whenEnoughAreDoneTheOthersHaveALittleMoreTime() {
    OnTime onTime = onTime(new Quorum(0.5, 10), 0, 2);

    assertThat(onTime.late(workers)).containsExactly(1, 3);
    // The first was done in the first second, the second in the second; then ten more.
    assertThat(clock.get()).isEqualTo(12 * SECOND);
    assertThat(workers.get(1)).isCancelled();
    assertThat(workers.get(3)).isCancelled();
    assertThat(workers.get(0)).isNotCancelled();
  }

  @Test
  void whoComesInThatTimeIsNotLate() {
    assertThat(onTime(new Quorum(0.5, 10), 3, 2, 1, 0).late(workers)).isEmpty();
    assertThat(clock.get()).as("nobody is waited for then").isEqualTo(4 * SECOND);
  }

  @Test
  void withoutTimeToSpareEnoughAreEnough() {
    assertThat(onTime(new Quorum(0.75, 0), 3, 2, 1, 0).late(workers)).containsExactly(0);
    assertThat(clock.get()).isEqualTo(3 * SECOND);
  }

  @Test
  void aWorkerThatFailsFailsTheRoundAndNoneRunsOn() {
    IOException failure = new IOException("its disk");
    OnTime onTime =
        new OnTime(
            new Quorum(0.5, 10), clock::get, time -> workers.get(2).completeExceptionally(failure));

    assertThatThrownBy(() -> onTime.late(workers)).isSameAs(failure);
    assertThat(workers.get(0)).isCancelled();
  }

  @Test
  void aShareIsRoundedUpToWholeWorkers() {
    assertThat(new Quorum(0.5, 0).least(5)).isEqualTo(3);
    assertThat(new Quorum(0.01, 0).least(5)).isEqualTo(1);
    assertThat(Quorum.ALL.least(5)).isEqualTo(5);
    assertThat(Quorum.ALL.isAll()).isTrue();
    assertThat(new Quorum(0.99, 0).isAll()).isFalse();
  }

  @Test
  void sharesAndTimesHaveBounds() {
    for (double share : new double[] {0, -0.5, 1.0001, Double.NaN}) {
      assertThatThrownBy(() -> new Quorum(share, 0))
          .hasMessageContaining("min-share-of-workers must be in (0, 1], was " + share);
    }
    assertThatThrownBy(() -> new Quorum(1, -1))
        .hasMessageContaining("straggler-seconds must be at least 0, was -1");
  }

  /** A second passes with each look, and one of these workers comes to its end in it. */
  private OnTime onTime(Quorum quorum, int... order) {
    AtomicInteger looks = new AtomicInteger();
    return new OnTime(
        quorum,
        clock::get,
        time -> {
          clock.addAndGet(SECOND);
          int look = looks.getAndIncrement();
          if (look < order.length) {
            workers.get(order[look]).complete("done");
          }
        });
  }
}
