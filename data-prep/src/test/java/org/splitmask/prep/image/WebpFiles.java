/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Puts WebP files together. */
final class WebpFiles {
  private WebpFiles() {}

  /**
   * A simple file with the extended header before its picture and EXIF behind it.
   *
   * @param side of the picture
   * @param flags of the header: 8 announces EXIF, 16 alpha
   */
  static byte[] extended(byte[] simple, int side, int flags, byte[]... exif) {
    ByteBuffer header = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putInt(flags);
    header.put((byte) (side - 1)).put(7, (byte) (side - 1));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(simple, 0, 12);
    file.writeBytes(chunk("VP8X", header.array()));
    file.write(simple, 12, simple.length - 12);
    for (byte[] each : exif) {
      file.writeBytes(chunk("EXIF", each));
    }
    ByteBuffer all = ByteBuffer.wrap(file.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    return all.putInt(4, all.capacity() - 8).array();
  }

  private static byte[] chunk(String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(8 + content.length + content.length % 2);
    chunk.order(ByteOrder.LITTLE_ENDIAN).put(type.getBytes(US_ASCII)).putInt(content.length);
    return chunk.put(content).array();
  }
}
