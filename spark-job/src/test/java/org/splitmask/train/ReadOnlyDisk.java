/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code frozen:}, which takes nothing any more after a certain
 * file, as a disk that the kernel has remounted. It refuses as Hadoop's local files do there. The
 * superuser of a test has no folder that permissions keep from writing.
 */
public final class ReadOnlyDisk extends RawLocalFileSystem {
  private static volatile String last = "";
  private static volatile boolean isReadOnly;

  /** From now on it takes files up to the one whose path ends so. */
  static void freezeAfter(String ending) {
    last = ending;
  }

  /** From now on it takes everything again. */
  static void thaw() {
    last = "";
    isReadOnly = false;
  }

  @Override
  public String getScheme() {
    return "frozen";
  }

  @Override
  public URI getUri() {
    return URI.create("frozen:///");
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    refuse(file);
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress)
      throws IOException {
    refuse(file);
    return super.append(file, bufferSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    refuse(to);
    boolean isDone = super.rename(from, to);
    isReadOnly = !last.isEmpty() && to.toString().endsWith(last);
    return isDone;
  }

  @Override
  public boolean delete(Path path, boolean isRecursive) throws IOException {
    return !isReadOnly && super.delete(path, isRecursive);
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    return isReadOnly ? exists(folder) : super.mkdirs(folder);
  }

  /** Nothing; Hadoop would start a program for each file. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  private void refuse(Path file) throws IOException {
    if (isReadOnly) {
      throw new FileNotFoundException(pathToFile(file) + " (Read-only file system)");
    }
  }
}
