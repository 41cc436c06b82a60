/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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
final class TableLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TableLease.class);
  private static final String FILE = "_writer.lease";

  private final FileSystem fileSystem;
  private final Path path;
  private final LeaseHolder self;
  private final LeaseHeartbeat heartbeat;

  private TableLease(FileSystem fileSystem, Path path, LeaseHolder self) throws IOException {
    this.fileSystem = fileSystem;
    this.path = path;
    this.self = self;
    this.heartbeat = LeaseHeartbeat.start(fileSystem, path.getParent());
  }

  /** Takes the lease, or fails saying who has it. */
  static TableLease take(TableFolder folder, String runId) {
    Path path = new Path(folder.path(), FILE);
    FileSystem fileSystem = folder.fileSystem();
    LeaseHolder self = LeaseHolder.self(runId);
    try {
      fileSystem.mkdirs(folder.path());
      if (!create(fileSystem, path, self.print())) {
        checkDead(folder, path, runId);
        fileSystem.delete(path, false);
        Check.cluster(
            create(fileSystem, path, self.print()),
            "another process has just begun to write the table %s; try again later",
            folder.location());
      }
      return new TableLease(fileSystem, path, self);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder.location() + ": " + e, e);
    }
  }

  private static void checkDead(TableFolder folder, Path path, String runId) throws IOException {
    FileSystem fileSystem = folder.fileSystem();
    LeaseHolder holder = LeaseHolder.read(fileSystem, path);
    if (holder.isDeadHere()) {
      return;
    }
    long silent = LeaseHeartbeat.silence(fileSystem, folder.path(), path, runId).toMinutes();
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
        folder.location(),
        holder.runId(),
        holder.process(),
        holder.host(),
        silent,
        path,
        limit);
  }

  /** Fails if somebody has taken this for dead. */
  void check() {
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
