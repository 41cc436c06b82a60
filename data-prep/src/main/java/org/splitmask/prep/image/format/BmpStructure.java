/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/** Reads the headers of a BMP file: OS/2's with 16-bit sizes, and all of Windows'. */
final class BmpStructure implements FileStructure {
  private static final int FILE_HEADER_BYTES = 14;
  private static final int OLDEST_HEADER_BYTES = 12;
  private static final int LEAST_HEADER_BYTES = 16;
  private static final int MOST_HEADER_BYTES = 124;
  private static final int RUN_LENGTH_8 = 1;
  private static final int RUN_LENGTH_4 = 2;
  private static final int WRAPPED_JPEG = 4;
  private static final int WRAPPED_PNG = 5;

  private final byte[] file;
  private final ByteBuffer bytes;
  private int width;
  private int height;
  private int planes;
  private int bitsPerPixel;
  private int compression;

  BmpStructure(byte[] file) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Two letters are little to go by: the header's length has to be a known one as well. */
  static boolean matches(byte[] file) {
    return file.length >= 2 && file[0] == 'B' && file[1] == 'M';
  }

  @Override
  public void readHeader() throws RefusedImageException {
    need(FILE_HEADER_BYTES + 4);
    int length = bytes.getInt(FILE_HEADER_BYTES);
    if (length != OLDEST_HEADER_BYTES
        && (length < LEAST_HEADER_BYTES || length > MOST_HEADER_BYTES)) {
      throw new RefusedImageException(DAMAGED, "BMP with a header of %d bytes", length);
    }
    need(FILE_HEADER_BYTES + length);
    if (length == OLDEST_HEADER_BYTES) {
      width = u16(18);
      height = u16(20);
      planes = u16(22);
      bitsPerPixel = u16(24);
    } else {
      width = bytes.getInt(18);
      // A negative height says that rows go downwards.
      height = Math.abs(bytes.getInt(22));
      planes = u16(26);
      bitsPerPixel = u16(28);
      compression = length > LEAST_HEADER_BYTES ? bytes.getInt(30) : 0;
    }
    checkKind();
  }

  @Override
  public void checkBody() throws RefusedImageException {
    long pixels = Integer.toUnsignedLong(bytes.getInt(10));
    if (pixels < FILE_HEADER_BYTES) {
      throw new RefusedImageException(DAMAGED, "BMP with pixels at byte %d", pixels);
    }
    boolean runs = compression == RUN_LENGTH_4 || compression == RUN_LENGTH_8;
    if (runs) {
      new BmpRuns(file, (int) Math.min(pixels, file.length), compression == RUN_LENGTH_4)
          .check(width, height);
      return;
    }
    long rowBytes = ((long) width * bitsPerPixel + 31) / 32 * 4;
    long end = pixels + rowBytes * height;
    if (end > file.length) {
      throw new RefusedImageException(
          TRUNCATED, "BMP has %d bytes, its pixels end at byte %d", file.length, end);
    }
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(
        ImageFormat.BMP, width, height, Transparency.ALPHA, ExifOrientation.UPRIGHT, null);
  }

  @Override
  public byte[] picture() {
    return file;
  }

  private void checkKind() throws RefusedImageException {
    if (compression == WRAPPED_JPEG || compression == WRAPPED_PNG) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "BMP that contains a %s",
          compression == WRAPPED_JPEG ? "JPEG" : "PNG");
    }
    boolean known =
        switch (bitsPerPixel) {
          case 1, 2, 4, 8, 16, 24, 32 -> true;
          default -> false;
        };
    if (!known || planes != 1) {
      throw new RefusedImageException(
          DAMAGED, "BMP with %d planes of %d bits a pixel", planes, bitsPerPixel);
    }
  }

  private void need(int length) throws RefusedImageException {
    if (length > file.length) {
      throw new RefusedImageException(
          TRUNCATED, "BMP ends at byte %d inside its header", file.length);
    }
  }

  private int u16(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }
}
