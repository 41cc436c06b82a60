/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;

class RowGroupCacheTest {
  private static final long BYTES = 100;

  private final List<Integer> read = new ArrayList<>();

  @Test
  void aTableThatFitsIsReadOnce() {
    RowGroupCache cache = cache(4 * BYTES);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int group = 0; group < 4; group++) {
        cache.rows(group(group));
      }
    }
    assertThat(read).containsExactly(0, 1, 2, 3);
  }

  @Test
  void ofALargerOneTheGroupsThatWereUsedLastStay() {
    RowGroupCache cache = cache(2 * BYTES);
    cache.rows(group(0));
    cache.rows(group(1));
    cache.rows(group(0));
    cache.rows(group(2)); // puts out 1, which was used before 0
    cache.rows(group(0));
    assertThat(read).containsExactly(0, 1, 2);
    cache.rows(group(1));
    assertThat(read).containsExactly(0, 1, 2, 1);
  }

  @Test
  void aGroupLargerThanTheBoundIsReadAndGivenAllTheSame() {
    RowGroupCache cache = cache(BYTES / 2);
    assertThat(cache.rows(group(0))).isEmpty();
    cache.rows(group(0));
    assertThat(read).containsExactly(0);
    cache.rows(group(1));
    cache.rows(group(0));
    assertThat(read).containsExactly(0, 1, 0);
  }

  /** What it holds after each reading, however groups of all sizes are asked for. */
  @Test
  void neverMoreIsHeldThanTheBoundButForTheNewestGroup() {
    SplittableRandom random = new SplittableRandom(7);
    long bound = 1000;
    RowGroupCache cache = cache(bound);
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      groups.add(new RowGroup("file", i, 10, random.nextInt(1, i % 9 == 0 ? 2000 : 400)));
    }
    Deque<RowGroup> expected = new ArrayDeque<>(); // the last used first
    boolean wasFull = false;
    for (int i = 0; i < 5000; i++) {
      RowGroup group = groups.get(random.nextInt(groups.size()));
      read.clear();
      cache.rows(group);
      assertThat(read.isEmpty()).as("%s is here", group).isEqualTo(expected.remove(group));
      expected.addFirst(group);
      while (!read.isEmpty() && expected.size() > 1 && bytes(expected) > bound) {
        expected.removeLast();
      }
      assertThat(cache.bytes()).isEqualTo(bytes(expected));
      assertThat(cache.bytes()).isLessThanOrEqualTo(Math.max(bound, group.bytes()));
      wasFull |= cache.bytes() > bound;
    }
    assertThat(wasFull).as("a group above the bound was among them").isTrue();
  }

  private static long bytes(Collection<RowGroup> groups) {
    return groups.stream().mapToLong(RowGroup::bytes).sum();
  }

  @Test
  void aGroupThatCouldNotBeReadIsNotCounted() {
    RowGroupCache cache =
        new RowGroupCache(
            group -> {
              throw new IllegalStateException("gone");
            },
            BYTES);
    assertThatThrownBy(() -> cache.rows(group(0))).hasMessage("gone");
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void threadsThatWantTheSameGroupReadItOnce() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch open = new CountDownLatch(1);
    RowGroupCache cache =
        new RowGroupCache(
            group -> {
              reads.incrementAndGet();
              await(open);
              return List.of();
            },
            BYTES);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<PatchRow>>> wanted = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        wanted.add(threads.submit(() -> cache.rows(group(0))));
      }
      open.countDown();
      for (Future<List<PatchRow>> rows : wanted) {
        assertThat(rows.get(10, TimeUnit.SECONDS)).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void aFailedReadIsTriedAgain() {
    List<Integer> tried = new ArrayList<>();
    RowGroupCache cache =
        new RowGroupCache(
            group -> {
              tried.add(group.ordinal());
              if (tried.size() == 1) {
                throw new IllegalStateException("gone");
              }
              return List.of();
            },
            BYTES);
    assertThatThrownBy(() -> cache.rows(group(0))).hasMessage("gone");
    assertThat(cache.rows(group(0))).isEmpty();
    assertThat(cache.rows(group(0))).isEmpty();
    assertThat(tried).hasSize(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RowGroupCache cache(long mostBytes) {
    return new RowGroupCache(
        group -> {
          read.add(group.ordinal());
          return List.of();
        },
        mostBytes);
  }

  private static RowGroup group(int ordinal) {
    return new RowGroup("file", ordinal, 10, BYTES);
  }
}
