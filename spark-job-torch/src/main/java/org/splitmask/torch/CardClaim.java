/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * That a card is one worker's, as long as this is open: two on one card would share its memory and
 * be slower than one. A lock on a file of the machine, which ends with the process at the latest.
 */
final class CardClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CardClaim.class);
  private static final long PAUSE_NANOS = 200_000_000;

  private final @Nullable FileLock lock;

  private CardClaim(@Nullable FileLock lock) {
    this.lock = lock;
  }

  /**
   * Claims a card.
   *
   * @param folder of the locks; every process of the machine must use the same
   * @param card its name, of letters, digits and hyphens
   * @param patience how long to wait for a worker that is about to end
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where another worker
   *     keeps it
   */
  static CardClaim of(Path folder, String card, Duration patience) {
    Path file = folder.resolve("splitmask-" + card + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel, System.nanoTime() + patience.toNanos());
      if (lock != null) {
        return new CardClaim(lock);
      }
      channel.close();
    } catch (IOException e) {
      LOG.warn("cannot tell whether another worker computes on {}: {}", card, e.toString());
      return new CardClaim(null);
    }
    throw Check.failure(
        Blame.USER,
        "another worker of this machine computes on %s already; give each worker a GPU of its own:"
            + " spark.executor.resource.gpu.amount=1 and spark.task.resource.gpu.amount=1, or on"
            + " one machine workers=1 (docs/gpu.md)",
        card);
  }

  private static @Nullable FileLock lock(FileChannel channel, long end) throws IOException {
    FileLock lock = tryLock(channel);
    while (lock == null && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        channel.close();
        throw new IllegalStateException("interrupted while waiting for a GPU");
      }
      lock = tryLock(channel);
    }
    return lock;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another worker of this process has it
    }
  }

  @Override
  public void close() {
    if (lock == null) {
      return;
    }
    try (FileChannel channel = lock.channel()) {
      if (lock.isValid()) {
        lock.release();
      }
    } catch (IOException e) {
      LOG.warn("cannot give a GPU back: {}", e.toString());
    }
  }
}
