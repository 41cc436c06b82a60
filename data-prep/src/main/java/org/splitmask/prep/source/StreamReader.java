/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.splitmask.prep.source.BrokenItemException.Kind;

/** Reads ranges of what a gzip file holds, each behind the one before. */
final class StreamReader implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream stream;
  private long position;

  private StreamReader(InputStream stream) {
    this.stream = stream;
  }

  static StreamReader open(ContainerInput container) throws IOException {
    try {
      return new StreamReader(decompressed(container));
    } catch (IOException e) {
      container.close();
      throw new BrokenItemException(Kind.UNREADABLE, "its container is no gzip: " + e.getMessage());
    }
  }

  /** What a gzip file holds. */
  static InputStream decompressed(ContainerInput container) throws IOException {
    return new GZIPInputStream(container, BUFFER_BYTES);
  }

  /** How far it has come; it cannot go back. */
  long position() {
    return position;
  }

  byte[] read(long from, int length) throws IOException {
    try {
      stream.skipNBytes(from - position);
      byte[] bytes = stream.readNBytes(length);
      position = from + bytes.length;
      if (bytes.length == length) {
        return bytes;
      }
    } catch (EOFException e) {
      // Told below, as for a stream that ends at a member's end.
    } catch (IOException e) {
      position = Long.MAX_VALUE; // Where it stands is unknown: the next item begins anew.
      throw new BrokenItemException(
          Kind.UNREADABLE, "its container's compressed bytes are damaged: " + e.getMessage());
    }
    position = Long.MAX_VALUE;
    throw new BrokenItemException(
        Kind.TRUNCATED,
        "its container ends before byte %d of what it holds".formatted(from + length));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
