/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Duration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Keeps a second writer away from a folder: a file that only one process can create. The lease of a
 * dead process is taken over: at once where it was one of this host, after a silence where it was
 * another's. Whoever holds a lease has to {@link #check} it before what must not be done twice:
 * while it was silent it may have been taken for dead.
 *
 * <p>An object store does not create a file for one process alone. There the last of those that
 * come at the same moment has it, and the others find out with their next check.
 */
public final class Lease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final FileSystem fileSystem;
  private final Path path;
  private final LeaseTerms terms;
  private final LeaseHolder self;
  private final LeaseHeartbeat heartbeat;

  private Lease(
      FileSystem fileSystem,
      Path path,
      LeaseTerms terms,
      LeaseHolder self,
      LeaseHeartbeat heartbeat) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.terms = terms;
    this.self = self;
    this.heartbeat = heartbeat;
  }

  /**
   * Takes the lease, or fails saying who has it.
   *
   * @param folder what is to be written, qualified; made if it is not there
   * @param name who takes it: a run's or an application's
   * @param repeater beats, as long as the lease is held
   */
  public static Lease take(
      FileSystem fileSystem, Path folder, String name, LeaseTerms terms, Repeater repeater) {
    Path path = new Path(folder, terms.prefix() + ".lease");
    LeaseHolder self = LeaseHolder.self(name);
    try {
      fileSystem.mkdirs(folder);
      if (!create(fileSystem, path, self.print())) {
        LeaseHolder dead = awaitDeath(fileSystem, folder, path, terms, name);
        remove(fileSystem, path, dead, terms, name);
        fileSystem.delete(LeaseHeartbeat.file(folder, terms, dead.name()), false);
        requireFirst(create(fileSystem, path, self.print()), terms);
      }
      LeaseHeartbeat heartbeat = beating(fileSystem, path, self, terms, repeater);
      return new Lease(fileSystem, path, terms, self, heartbeat);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder + ": " + e, e);
    }
  }

  private static LeaseHeartbeat beating(
      FileSystem fileSystem, Path path, LeaseHolder self, LeaseTerms terms, Repeater repeater)
      throws IOException {
    try {
      return LeaseHeartbeat.start(fileSystem, path.getParent(), terms, self.name(), repeater);
    } catch (IOException | RuntimeException e) {
      fileSystem.delete(path, false);
      throw e;
    }
  }

  /** Of several that wait for the same death, one is first. */
  private static void requireFirst(boolean isFirst, LeaseTerms terms) {
    Check.cluster(
        isFirst, "another process has just begun to write %s; try again later", terms.subject());
  }

  /**
   * Removes a dead holder's lease. By a rename, in which one process succeeds; and if it was no
   * longer the dead one's, it goes back.
   */
  private static void remove(
      FileSystem fileSystem, Path path, LeaseHolder dead, LeaseTerms terms, String name)
      throws IOException {
    Path aside = path.suffix(".dead-" + name);
    if (!fileSystem.exists(path) || !fileSystem.rename(path, aside)) {
      return; // it is gone: whoever creates it now has it
    }
    if (!LeaseHolder.read(fileSystem, aside).equals(dead)) {
      requireFirst(!fileSystem.rename(aside, path), terms);
    }
    fileSystem.delete(aside, false);
  }

  /** Returns the holder when it is dead; fails when it lives, as far as one can know. */
  private static LeaseHolder awaitDeath(
      FileSystem fileSystem, Path folder, Path path, LeaseTerms terms, String name)
      throws IOException {
    LeaseHolder holder = LeaseHolder.read(fileSystem, path);
    Duration before = Duration.ZERO;
    Duration watched = Duration.ZERO;
    while (!holder.isDeadHere() && !holder.isGone()) {
      Duration silent = LeaseHeartbeat.silence(fileSystem, folder, path, terms, holder, name);
      if (silent.compareTo(terms.silence()) >= 0) {
        LOG.warn(
            "{} {} on {} has been silent for {}: it is taken for dead",
            terms.subject(),
            holder.name(),
            holder.hostName(),
            words(silent));
        return holder;
      }
      boolean hasBeaten = silent.compareTo(before) < 0;
      if (hasBeaten || holder.isAliveHere() || watched.compareTo(terms.patience()) >= 0) {
        throw held(holder, silent, path, terms);
      }
      if (watched.isZero()) {
        LOG.warn(
            "{} {} {} (process {} on {}); it may be dead, so this waits for a sign of life",
            terms.subject(),
            terms.held(),
            holder.name(),
            holder.process(),
            holder.hostName());
      }
      before = silent;
      watched = watched.plus(pause(terms));
      holder = LeaseHolder.read(fileSystem, path);
    }
    return holder;
  }

  private static Duration pause(LeaseTerms terms) {
    try {
      Thread.sleep(terms.beat().toMillis() / 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SplitMaskException(Blame.CLUSTER, "interrupted while waiting for a lease", e);
    }
    return terms.beat().dividedBy(2);
  }

  private static SplitMaskException held(
      LeaseHolder holder, Duration silent, Path path, LeaseTerms terms) {
    return Check.failure(
        Blame.CLUSTER,
        "%s %s %s (process %s on %s, last heard of %s ago); wait for it, or if it is dead delete"
            + " %s or try again after %s of silence",
        terms.subject(),
        terms.held(),
        holder.name(),
        holder.process(),
        holder.hostName(),
        words(silent),
        path,
        words(terms.silence()));
  }

  private static String words(Duration time) {
    return time.compareTo(Duration.ofMinutes(2)) < 0
        ? time.toSeconds() + " seconds"
        : time.toMinutes() + " minutes";
  }

  /** Fails if somebody has taken this for dead. */
  public void check() {
    try {
      LeaseHolder holder = LeaseHolder.read(fileSystem, path);
      Check.cluster(
          !holder.isGone(),
          "%s is no longer this process's: the lease %s is gone; look whether the folder was moved or"
              + " deleted, or its storage unmounted, before you run again",
          terms.subject(),
          path);
      Check.cluster(
          holder.equals(self),
          "%s is no longer this process's: the lease %s was taken over by %s while this was silent;"
              + " run again",
          terms.subject(),
          path,
          holder.name());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the lease " + path + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try (heartbeat) {
      if (LeaseHolder.read(fileSystem, path).equals(self)) {
        fileSystem.delete(path, false);
      }
    } catch (IOException e) {
      // What it was held for is done, and the next one waits for a while at most.
      LOG.warn("cannot remove the lease {}; delete it: {}", path, e.toString());
    }
  }

  /** Creates the file with its content, or returns false when it is there. */
  private static boolean create(FileSystem fileSystem, Path path, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (fileSystem instanceof LocalFileSystem local) {
      // Hadoop's local create looks first and creates then; the JDK's does both in one.
      try {
        Files.createFile(local.pathToFile(path).toPath());
      } catch (FileAlreadyExistsException e) {
        return false;
      }
      Files.write(local.pathToFile(path).toPath(), bytes);
      return true;
    }
    try (OutputStream stream = fileSystem.create(path, false)) {
      stream.write(bytes);
      return true;
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    } catch (FSError e) { // so Hadoop says that a local disk is full
      throw new IOException(e);
    }
  }
}
