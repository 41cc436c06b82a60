/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.hadoop.fs.FSError;
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
      FileSystem fileSystem, Path folder, LeaseTerms terms, String name, Repeater repeater)
      throws IOException {
    Path path = file(folder, terms, name);
    write(fileSystem, path);
    return new LeaseHeartbeat(fileSystem, path, terms.beat(), repeater);
  }

  /** Each holder's own, so that one which comes too late does not disturb the next. */
  static Path file(Path folder, LeaseTerms terms, String name) {
    return new Path(folder, terms.prefix() + ".heartbeat-" + name);
  }

  /** For how long nobody has shown that he lives, by the lease or the heartbeat. */
  static Duration silence(
      FileSystem fileSystem,
      Path folder,
      Path lease,
      LeaseTerms terms,
      LeaseHolder holder,
      String name)
      throws IOException {
    Path probe = new Path(folder, terms.prefix() + ".probe-" + name);
    write(fileSystem, probe);
    try {
      long now = modified(fileSystem, probe);
      long last =
          Math.max(
              modified(fileSystem, lease),
              modified(fileSystem, file(folder, terms, holder.name())));
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
    } catch (IOException | RuntimeException | Error e) { // whatever it is, the next one is due
      LOG.warn("cannot write {}, and will try again: {}", path, e.toString());
    }
  }

  private static void write(FileSystem fileSystem, Path path) throws IOException {
    try (OutputStream stream = fileSystem.create(path, true)) {
      stream.write('.');
    } catch (FSError e) { // so Hadoop says that a local disk is full
      throw new IOException(e);
    }
  }

  private static long modified(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path).getModificationTime();
    } catch (FileNotFoundException e) {
      return 0;
    }
  }
}
