/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.item.BrokenItemException.Kind;

/**
 * A container's bytes, for libraries that parse them. Failures of the storage leave it as {@link
 * UncheckedIOException}, so that an IOException out of such a library can only mean that the data
 * is bad: the first is worth a retry, the second is not.
 */
public final class ContainerInput extends InputStream {
  /** A gap that is cheaper to stream over than to ask the storage anew. */
  private static final long SMALL_GAP_BYTES = 1 << 20;

  private final FSDataInputStream stream;
  private final long length;

  private ContainerInput(FSDataInputStream stream, long length) {
    this.stream = stream;
    this.length = length;
  }

  /** Opens a file of known length. */
  public static ContainerInput open(String path, long length, Configuration hadoop)
      throws IOException {
    return new ContainerInput(SourceFiles.open(path, hadoop), length);
  }

  /** Opens a file without asking for its length; reads tell where it ends. */
  public static ContainerInput open(String path, Configuration hadoop) throws IOException {
    return open(path, Long.MAX_VALUE, hadoop);
  }

  public long length() {
    return length;
  }

  /**
   * The bytes of a range, all of them.
   *
   * @throws BrokenItemException if the file ends before
   */
  public byte[] range(long from, int count) throws BrokenItemException {
    byte[] bytes = new byte[count];
    long gap = from - position();
    try {
      if (gap >= 0 && gap <= SMALL_GAP_BYTES) {
        stream.seek(from);
        stream.readFully(bytes);
      } else {
        // A positional read fetches no more than the range.
        stream.readFully(from, bytes);
        stream.seek(from + count);
      }
    } catch (EOFException e) {
      throw new BrokenItemException(
          Kind.TRUNCATED, "its container ends before byte " + (from + count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  public long position() {
    try {
      return stream.getPos();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes to a byte.
   *
   * @throws BrokenItemException if the data sends it out of the file, where some storages refuse to
   *     go
   */
  public void seek(long position) throws BrokenItemException {
    try {
      stream.seek(position);
    } catch (EOFException e) {
      throw new BrokenItemException(
          Kind.UNREADABLE, "its container has no byte " + position + "; was it replaced?");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read() {
    try {
      return stream.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int count) {
    try {
      return stream.read(bytes, offset, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seeks, and never beyond the end: what is missing must be noticed. */
  @Override
  public long skip(long count) throws IOException {
    long from = position();
    long to = Math.min(length, from + Math.max(0, count));
    if (to <= from) {
      return 0;
    }
    seek(to);
    return to - from;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
