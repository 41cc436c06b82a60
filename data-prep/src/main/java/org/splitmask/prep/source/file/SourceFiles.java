/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.failure.Check;

/** Files of any Hadoop filesystem; those of the local disk by the bytes of their names. */
public final class SourceFiles {
  private static final int BUFFER_BYTES = 4096;
  private static final int SMALLEST_BUFFER = 512;

  private SourceFiles() {}

  public static FileSystem fileSystem(Path path, Configuration hadoop) throws IOException {
    return unchecked(path.getFileSystem(hadoop));
  }

  public static FSDataInputStream open(String path, Configuration hadoop) throws IOException {
    if (isLocal(path)) {
      return LocalFiles.open(path, BUFFER_BYTES);
    }
    Path at = new Path(path);
    return fileSystem(at, hadoop).open(at);
  }

  /** For reading in large pieces, which a buffer would only copy once more. */
  public static FSDataInputStream openUnbuffered(String path, Configuration hadoop)
      throws IOException {
    if (isLocal(path)) {
      return LocalFiles.open(path, 0);
    }
    Path at = new Path(path);
    return fileSystem(at, hadoop).open(at, SMALLEST_BUFFER);
  }

  /**
   * What a qualified path names.
   *
   * @throws java.io.FileNotFoundException if it names nothing
   */
  public static SourceStatus status(String path, Configuration hadoop) throws IOException {
    if (isLocal(path)) {
      return LocalFiles.status(path);
    }
    Path at = new Path(path);
    return SourceStatus.of(fileSystem(at, hadoop).getFileStatus(at));
  }

  /** What lies in a folder, one level deep. */
  public static List<SourceStatus> list(String folder, Configuration hadoop) throws IOException {
    if (isLocal(folder)) {
      return LocalFiles.list(folder);
    }
    Path at = new Path(folder);
    return Arrays.stream(fileSystem(at, hadoop).listStatus(at)).map(SourceStatus::of).toList();
  }

  /** Where a path leads when links are followed, which the local disk alone has. */
  public static String real(String path) throws IOException {
    return isLocal(path) ? LocalFiles.real(path) : path;
  }

  /** Whether a path is a link, which the local disk alone has. */
  public static boolean isLink(String path) {
    return isLocal(path) && LocalFiles.isLink(path);
  }

  /** Whether a qualified path is the local disk's. */
  static boolean isLocal(String path) {
    return path.startsWith("file:/");
  }

  /** Whether a path is a folder or below it; both qualified. */
  public static boolean isUnder(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }

  public static String parent(String path) {
    Path parent = new Path(path).getParent();
    return parent == null ? path : parent.toString();
  }

  /** The storage's failure that came through a library. */
  public static IOException cause(UncheckedIOException failure) {
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
