/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme {@code puts:}, as S3 is: an object appears when its stream is
 * closed, nothing can be added to it, and nothing is renamed.
 */
public final class PutsOnlyFileSystem extends StepsOnlyFileSystem {
  @Override
  public String getScheme() {
    return "puts";
  }

  @Override
  public URI getUri() {
    return URI.create("puts:///");
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new AssertionError("a rename is a copy there: " + from + " to " + to);
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("objects are not added to");
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
    return new FSDataOutputStream(new Put(file), (FileSystem.Statistics) null);
  }

  private final class Put extends OutputStream implements Abortable, StreamCapabilities {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Path file;
    private boolean isOver;

    Put(Path file) {
      this.file = file;
    }

    @Override
    public void write(int value) {
      bytes.write(value);
    }

    @Override
    public void write(byte[] values, int offset, int length) {
      bytes.write(values, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (!isOver) {
        isOver = true;
        point();
        java.nio.file.Path target = pathToFile(file).toPath();
        Files.createDirectories(target.getParent());
        Files.write(target, bytes.toByteArray());
        point();
      }
    }

    @Override
    public AbortableResult abort() {
      isOver = true;
      return new AbortableResult() {
        @Override
        public boolean alreadyClosed() {
          return false;
        }

        @Override
        public IOException anyCleanupException() {
          return null;
        }
      };
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
    }
  }
}
