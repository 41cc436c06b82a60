/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;

/**
 * An entry of a zip, deflated or stored, checked against what the directory says of it.
 *
 * @param position of the first compressed byte in the container
 * @param compressedLength bytes in the container
 * @param length bytes when inflated
 * @param crc CRC-32 of the inflated bytes
 */
record ZippedEntry(
    String container,
    long position,
    long compressedLength,
    long length,
    long crc,
    Compression compression)
    implements ItemLocation {
  enum Compression {
    STORED,
    DEFLATED
  }

  private static final int BUFFER_BYTES = 8 << 10;

  @Override
  public Access access() {
    return Access.RANDOM;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    byte[] bytes = compression == Compression.STORED ? stored(open, atMost) : inflate(open, atMost);
    if (bytes.length < atMost) {
      check(bytes);
    }
    return bytes;
  }

  private byte[] stored(OpenContainer open, int atMost) throws IOException {
    return open.input(container).range(position, (int) Math.min(compressedLength, atMost));
  }

  /** Never inflates more than the limit, whatever the directory says. */
  private byte[] inflate(OpenContainer open, int atMost) throws IOException {
    ContainerInput input = open.input(container);
    input.seek(position);
    Inflater inflater = new Inflater(true);
    // Not closed: that would close the container. Reading on behind the entry is harmless.
    InputStream stream = new InflaterInputStream(input, inflater, BUFFER_BYTES);
    try {
      return stream.readNBytes(length < atMost ? (int) length + 1 : atMost);
    } catch (IOException e) {
      throw new BrokenItemException(
          Kind.UNREADABLE, "its deflated bytes are damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private void check(byte[] bytes) throws BrokenItemException {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    if (bytes.length != length || sum.getValue() != crc) {
      throw new BrokenItemException(
          Kind.UNREADABLE,
          String.format(
              Locale.ROOT,
              "its bytes are not those that the zip's directory names (%d bytes, CRC-32 %08x)",
              length,
              crc));
    }
  }
}
