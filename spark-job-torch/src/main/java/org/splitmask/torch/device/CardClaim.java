/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
public final class CardClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CardClaim.class);
  private static final long PAUSE_NANOS = 200_000_000;

  /**
   * Claimed by this process. Asked before a file is opened: closing any channel of a file ends all
   * locks that a process has on it.
   */
  private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final @Nullable FileLock lock;
  private boolean isClosed;

  private CardClaim(Path file, @Nullable FileLock lock) {
    this.file = file;
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
    Path file = folder.resolve("splitmask-" + card + ".lock").toAbsolutePath();
    long end = System.nanoTime() + patience.toNanos();
    Optional<CardClaim> claim = tryClaim(file);
    while (claim.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while waiting for " + card);
      }
      claim = tryClaim(file);
    }
    return claim.orElseThrow(
        () ->
            Check.failure(
                Blame.USER,
                "another worker of this machine computes on %s already; give each worker a GPU of"
                    + " its own: spark.executor.resource.gpu.amount=1 and"
                    + " spark.task.resource.gpu.amount=1, or on one machine workers=1"
                    + " (docs/gpu.md)",
                card));
  }

  /** Empty where another worker has it. */
  private static Optional<CardClaim> tryClaim(Path file) {
    if (!HERE.add(file)) {
      return Optional.empty();
    }
    FileLock lock;
    try {
      lock = lockOrNothing(file);
    } catch (IOException e) {
      LOG.warn("cannot tell whether another process computes on this GPU: {}", e.toString());
      return Optional.of(new CardClaim(file, null));
    }
    if (lock == null) {
      HERE.remove(file);
      return Optional.empty();
    }
    return Optional.of(new CardClaim(file, lock));
  }

  private static @Nullable FileLock lockOrNothing(Path file) throws IOException {
    try {
      Files.createFile(file);
      // Workers of other users come here too.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is there", file);
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
      }
      return lock;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (lock != null) {
      try (FileChannel channel = lock.channel()) {
        lock.release();
      } catch (IOException e) {
        LOG.warn("cannot give a GPU back: {}", e.toString());
      }
    }
    HERE.remove(file);
  }
}
