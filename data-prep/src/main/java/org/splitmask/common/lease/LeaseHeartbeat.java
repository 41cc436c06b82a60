/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows other hosts that a holder lives: writes a file anew again and again. How long ago that was
 * is judged by the filesystem's own clock, against a file written just now; hosts' clocks differ.
 */
final class LeaseHeartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseHeartbeat.class);

  private final FileSystem fileSystem;
  private final Path path;
  private final Repeater.Repetition beats;

  private LeaseHeartbeat(FileSystem fileSystem, Path path, Duration pause, Repeater repeater) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.beats = repeater.every(pause, this::beat);
  }

  static LeaseHeartbeat start(
      FileSystem fileSystem, Path folder, LeaseTerms terms, Repeater repeater) throws IOException {
    Path path = file(folder, terms);
    write(fileSystem, path);
    return new LeaseHeartbeat(fileSystem, path, terms.beat(), repeater);
  }

  private static Path file(Path folder, LeaseTerms terms) {
    return new Path(folder, terms.prefix() + ".heartbeat");
  }

  /** For how long nobody has shown that he lives, by the lease or the heartbeat. */
  static Duration silence(
      FileSystem fileSystem, Path folder, Path lease, LeaseTerms terms, String name)
      throws IOException {
    Path probe = new Path(folder, terms.prefix() + ".probe-" + name);
    write(fileSystem, probe);
    try {
      long now = modified(fileSystem, probe);
      long last = Math.max(modified(fileSystem, lease), modified(fileSystem, file(folder, terms)));
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
      LOG.warn("cannot write {}, and will try again: {}", path, e.toString());
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
