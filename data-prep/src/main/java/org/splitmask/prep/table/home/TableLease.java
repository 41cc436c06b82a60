/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Keeps a second writer away from a table: a file that only one process can create. The lease of a
 * dead process is taken over: at once where it was one of this host, after a silence where it was
 * another's. Should that err, the commit still fails that comes second.
 */
final class TableLease implements WriteGuard {
  private static final Logger LOG = LoggerFactory.getLogger(TableLease.class);
  private static final String FILE = "_writer.lease";

  private final FileSystem fileSystem;
  private final Path path;
  private final LeaseHolder self;
  private final LeaseHeartbeat heartbeat;

  private TableLease(FileSystem fileSystem, Path path, LeaseHolder self, LeaseHeartbeat heartbeat) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.self = self;
    this.heartbeat = heartbeat;
  }

  /**
   * Takes the lease, or fails saying who has it.
   *
   * @param folder the table's, qualified; made if it is not there
   * @param repeater beats, as long as the lease is held
   */
  static TableLease take(FileSystem fileSystem, Path folder, String runId, Repeater repeater) {
    Path path = new Path(folder, FILE);
    LeaseHolder self = LeaseHolder.self(runId);
    try {
      fileSystem.mkdirs(folder);
      if (!create(fileSystem, path, self.print())) {
        checkDead(fileSystem, folder, runId);
        fileSystem.delete(path, false);
        Check.cluster(
            create(fileSystem, path, self.print()),
            "another process has just begun to write the table %s; try again later",
            folder);
      }
      return new TableLease(
          fileSystem, path, self, LeaseHeartbeat.start(fileSystem, folder, repeater));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder + ": " + e, e);
    }
  }

  private static void checkDead(FileSystem fileSystem, Path folder, String runId)
      throws IOException {
    Path path = new Path(folder, FILE);
    LeaseHolder holder = LeaseHolder.read(fileSystem, path);
    if (holder.isDeadHere()) {
      return;
    }
    long silent = LeaseHeartbeat.silence(fileSystem, folder, path, runId).toMinutes();
    long limit = LeaseHeartbeat.SILENCE_OF_THE_DEAD.toMinutes();
    if (silent >= limit) {
      LOG.warn(
          "run {} on {} has been silent for {} minutes", holder.runId(), holder.host(), silent);
      return;
    }
    throw Check.failure(
        Blame.CLUSTER,
        "the table %s is being written by run %s (process %s on %s, last heard of %d minutes"
            + " ago); wait for it, or if it is dead delete %s or try again after %d minutes of"
            + " silence",
        folder,
        holder.runId(),
        holder.process(),
        holder.host(),
        silent,
        path,
        limit);
  }

  /** Fails if somebody has taken this for dead. */
  @Override
  public void check() {
    try {
      LeaseHolder holder = LeaseHolder.read(fileSystem, path);
      Check.cluster(
          holder.equals(self),
          "the lease %s was taken over by run %s while this process was silent; run again",
          path,
          holder.runId());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the lease " + path + ": " + e, e);
    }
  }

  @Override
  public Duration litterAge() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    try (heartbeat) {
      if (LeaseHolder.read(fileSystem, path).equals(self)) {
        fileSystem.delete(path, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the lease " + path + "; delete it", e);
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
    }
  }
}
