/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows other hosts that a writer lives: writes a file anew every minute. How long ago that was is
 * judged by the filesystem's own clock, against a file written just now; hosts' clocks differ.
 */
final class LeaseHeartbeat implements AutoCloseable {
  /** Longer than a failover of a name node or a long pause of a JVM. */
  static final Duration SILENCE_OF_THE_DEAD = Duration.ofMinutes(15);

  private static final Logger LOG = LoggerFactory.getLogger(LeaseHeartbeat.class);
  private static final String FILE = "_writer.heartbeat";
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final FileSystem fileSystem;
  private final Path path;
  private final Repeater.Repetition beats;

  private LeaseHeartbeat(FileSystem fileSystem, Path path, Repeater repeater) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.beats = repeater.every(PAUSE, this::beat);
  }

  static LeaseHeartbeat start(FileSystem fileSystem, Path folder, Repeater repeater)
      throws IOException {
    Path path = new Path(folder, FILE);
    write(fileSystem, path);
    return new LeaseHeartbeat(fileSystem, path, repeater);
  }

  /** For how long nobody has shown that he lives, by the lease or the heartbeat. */
  static Duration silence(FileSystem fileSystem, Path folder, Path lease, String runId)
      throws IOException {
    Path probe = new Path(folder, "_writer.probe-" + runId);
    write(fileSystem, probe);
    try {
      long now = modified(fileSystem, probe);
      long last =
          Math.max(modified(fileSystem, lease), modified(fileSystem, new Path(folder, FILE)));
      return Duration.ofMillis(now - last);
    } finally {
      fileSystem.delete(probe, false);
    }
  }

  @Override
  public void close() {
    beats.close();
    try {
      fileSystem.delete(path, false);
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}", path, e.toString());
    }
  }

  private void beat() {
    try {
      write(fileSystem, path);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot write {}, the next try is in a minute: {}", path, e.toString());
    }
  }

  private static void write(FileSystem fileSystem, Path path) throws IOException {
    try (OutputStream stream = fileSystem.create(path, true)) {
      stream.write('.');
    }
  }

  private static long modified(FileSystem fileSystem, Path path) throws IOException {
    return fileSystem.exists(path) ? fileSystem.getFileStatus(path).getModificationTime() : 0;
  }
}
