/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code full:}, which takes so many more bytes and then no more.
 */
public final class FullDisk extends RawLocalFileSystem {
  private static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  /** From now on it takes so many bytes. */
  public static void setRoom(long bytes) {
    ROOM.set(bytes);
  }

  @Override
  public String getScheme() {
    return "full";
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
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
    return limited(super.create(file, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress)
      throws IOException {
    return limited(super.append(file, bufferSize, progress));
  }

  /** Nothing; Hadoop would start a program for each file. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  private FSDataOutputStream limited(OutputStream out) throws IOException {
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          @Override
          public void write(int value) throws IOException {
            take(1);
            out.write(value);
          }

          @Override
          public void write(byte[] values, int offset, int length) throws IOException {
            take(length);
            out.write(values, offset, length);
          }
        },
        (FileSystem.Statistics) null);
  }

  private void take(int bytes) throws IOException {
    if (ROOM.addAndGet(-bytes) < 0) {
      fail();
    }
  }

  /** As a full disk does: Hadoop makes an Error of what the machine says. */
  private void fail() throws IOException {
    Path full = new Path("/dev/full");
    try (FSDataOutputStream out = super.create(full, true, 1, (short) 1, 1 << 20, null)) {
      out.write(0);
      out.flush();
    }
  }
}
