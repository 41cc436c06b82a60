/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Check;

/** Files of any Hadoop filesystem. */
final class SourceFiles {
  private static final int SMALLEST_BUFFER = 512;

  private SourceFiles() {}

  static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    return unchecked(path.getFileSystem(hadoop));
  }

  static FSDataInputStream open(String path, Configuration hadoop) throws IOException {
    Path at = new Path(path);
    return fileSystem(at, hadoop).open(at);
  }

  /** For reading in large pieces, which a buffer would only copy once more. */
  static FSDataInputStream openUnbuffered(String path, Configuration hadoop) throws IOException {
    Path at = new Path(path);
    return fileSystem(at, hadoop).open(at, SMALLEST_BUFFER);
  }

  static FileStatus status(String path, Configuration hadoop) throws IOException {
    Path at = new Path(path);
    return fileSystem(at, hadoop).getFileStatus(at);
  }

  /** Whether a path is a folder or below it; both qualified. */
  static boolean isUnder(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }

  static String parent(String path) {
    Path parent = new Path(path).getParent();
    return parent == null ? path : parent.toString();
  }

  /** Names that begin with . or _ are other programs' business. */
  static boolean isSeen(String name) {
    return !name.startsWith(".") && !name.startsWith("_");
  }

  /** The storage's failure that came through a library. */
  static IOException cause(UncheckedIOException failure) {
    return Check.present(failure.getCause(), "%s always has a cause", failure);
  }

  /**
   * Hadoop's local files without its checksum files beside them, whose names it cannot form where a
   * picture's name has a colon, and which are stale where somebody edited the picture.
   */
  private static FileSystem unchecked(FileSystem fileSystem) {
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }
}
