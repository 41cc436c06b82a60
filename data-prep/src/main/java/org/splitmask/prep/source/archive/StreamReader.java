/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerInput;

/** Reads ranges of what a compressed file holds, each behind the one before, or the same again. */
final class StreamReader implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream stream;
  private long position;

  /** The last range: links to one entry are read one after the other. */
  private long lastFrom = -1;

  private byte[] last = new byte[0];

  private StreamReader(InputStream stream) {
    this.stream = stream;
  }

  static StreamReader open(ContainerInput container) throws IOException {
    try {
      return new StreamReader(decompressed(container));
    } catch (IOException e) {
      container.close();
      throw new BrokenItemException(
          Kind.UNREADABLE, "its container is no compressed file any more: " + e.getMessage());
    }
  }

  /** What a file holds, however it is compressed. */
  static InputStream decompressed(ContainerInput container) throws IOException {
    return compression(container).decompressed(new BufferedInputStream(container, BUFFER_BYTES));
  }

  /** How a file is compressed; it is left at its beginning. */
  static Compression compression(ContainerInput container) throws IOException {
    byte[] head = container.readNBytes(Compression.LONGEST_MAGIC);
    container.seek(0);
    return Compression.of(head);
  }

  /** Whether a range can still be read: the stream cannot go back. */
  boolean reaches(long from) {
    return from >= position || from == lastFrom;
  }

  byte[] read(long from, int length) throws IOException {
    if (from == lastFrom && last.length == length) {
      return last;
    }
    try {
      stream.skipNBytes(from - position);
      byte[] bytes = stream.readNBytes(length);
      position = from + bytes.length;
      if (bytes.length == length) {
        lastFrom = from;
        last = bytes;
        return bytes;
      }
    } catch (EOFException e) {
      // Told below, as for a stream that ends at a member's end.
    } catch (IOException e) {
      forget();
      throw new BrokenItemException(
          Kind.UNREADABLE, "its container's compressed bytes are damaged: " + e.getMessage());
    }
    forget();
    throw new BrokenItemException(
        Kind.TRUNCATED,
        String.format(
            Locale.ROOT, "its container ends before byte %d of what it holds", from + length));
  }

  /** Where the stream stands is unknown: the next item begins anew. */
  private void forget() {
    position = Long.MAX_VALUE;
    lastFrom = -1;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
