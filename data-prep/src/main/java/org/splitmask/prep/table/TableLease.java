/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * Keeps a second writer away from a table: a file that only one process can create. A lease that a
 * killed process of this machine left is taken over; of other machines' processes nobody can know
 * from here, so people decide.
 */
final class TableLease implements AutoCloseable {
  private static final String FILE = "_writer.lease";

  private final FileSystem fileSystem;
  private final Path path;

  private TableLease(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
  }

  /** Takes the lease, or fails saying who has it. */
  static TableLease take(TableFolder folder, String runId) {
    Path path = new Path(folder.path(), FILE);
    FileSystem fileSystem = folder.fileSystem();
    String content =
        String.join("\n", runId, thisHost(), String.valueOf(ProcessHandle.current().pid()));
    try {
      fileSystem.mkdirs(folder.path());
      if (!create(fileSystem, path, content)) {
        Holder holder = Holder.read(fileSystem, path);
        if (!holder.isDead()) {
          throw Check.failure(
              Blame.CLUSTER,
              "the table %s is being written by run %s (process %s on %s); wait for it, or if it is"
                  + " dead delete %s and try again",
              folder.location(),
              holder.runId,
              holder.process,
              holder.host,
              path);
        }
        fileSystem.delete(path, false);
        Check.that(
            create(fileSystem, path, content),
            "another process has just begun to write the table %s; try again later",
            folder.location());
      }
      return new TableLease(fileSystem, path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder.location() + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      fileSystem.delete(path, false);
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

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private record Holder(String runId, String host, String process) {
    static Holder read(FileSystem fileSystem, Path path) throws IOException {
      try (InputStream stream = fileSystem.open(path)) {
        List<String> lines =
            new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return lines.size() == 3
            ? new Holder(lines.get(0), lines.get(1), lines.get(2))
            : new Holder("unknown", "unknown", "unknown");
      } catch (FileNotFoundException e) {
        return new Holder("that has just ended", "unknown", "unknown");
      }
    }

    boolean isDead() {
      return host.equals(thisHost())
          && process.chars().allMatch(Character::isDigit)
          && ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }
  }
}
