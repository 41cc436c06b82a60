/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the orientation from an EXIF block, which is a small TIFF file. */
public final class ExifOrientation {
  public static final int UPRIGHT = 1;

  /** What stands before the block in a JPEG segment, and in other places where it was copied to. */
  private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int ORIENTATION_TAG = 0x0112;
  private static final int HEADER_BYTES = 8;
  private static final int ENTRY_BYTES = 12;
  private static final int VALUE = 8;
  private static final int MOST_INLINE = 4;
  private static final int MAGIC = 42;

  private ExifOrientation() {}

  /**
   * Joins the segments of a JPEG: a block longer than a segment goes on in the next one. It begins
   * with the first that has a header; what comes before is none of it.
   */
  public static final class Collector {
    /** Directories stand at the front, and thumbnails behind them. */
    private static final int MOST_BYTES = 1 << 20;

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

    /** Adds the content of a segment, if it is one of EXIF. */
    public void add(byte[] file, int offset, int length) {
      if (!isNamed(file, offset, length)) {
        return;
      }
      byte[] part = withoutName(Arrays.copyOfRange(file, offset, offset + length));
      boolean belongs = parts.size() > 0 || order(part) != null;
      if (belongs && parts.size() + part.length <= MOST_BYTES) {
        parts.writeBytes(part);
      }
    }

    /** Of the joined block, 1 to 8. */
    public int orientation() {
      return of(parts.toByteArray());
    }
  }

  /**
   * The orientation, 1 to 8; 1 when the block has none or is broken, as viewers do.
   *
   * @param block with the name of a JPEG segment before it or without
   */
  public static int of(byte[] block) {
    byte[] exif = withoutName(block);
    ByteOrder order = order(exif);
    if (order == null) {
      return UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(exif).order(order);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > exif.length) {
      return UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > exif.length) {
        return UPRIGHT;
      }
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == ORIENTATION_TAG) {
        return value(tiff, (int) entry);
      }
    }
    return UPRIGHT;
  }

  /** The first number, of any kind but bytes: Pillow does not take those for numbers either. */
  private static int value(ByteBuffer tiff, int entry) {
    int type = tiff.getShort(entry + 2);
    long count = Integer.toUnsignedLong(tiff.getInt(entry + 4));
    int size = sizeOf(type);
    boolean inline = count * size <= MOST_INLINE;
    long at = inline ? entry + VALUE : Integer.toUnsignedLong(tiff.getInt(entry + VALUE));
    if (size == 0 || count == 0 || at + size > tiff.capacity()) {
      return UPRIGHT;
    }
    int value =
        switch (size) {
          case 1 -> tiff.get((int) at);
          case 2 -> tiff.getShort((int) at);
          default -> tiff.getInt((int) at);
        };
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }

  /** Bytes of a whole number, by the type of its entry; 0 for what is none. */
  private static int sizeOf(int type) {
    return switch (type) {
      case 6 -> 1; // signed byte
      case 3, 8 -> 2; // short, signed short
      case 4, 9, 13 -> 4; // long, signed long, offset
      default -> 0;
    };
  }

  /** The order of the bytes that a header names; null where there is no header. */
  private static @Nullable ByteOrder order(byte[] exif) {
    if (exif.length < HEADER_BYTES || exif[0] != exif[1]) {
      return null;
    }
    // Some writers turn these two bytes round, and nobody minds.
    boolean magic = (exif[2] == MAGIC && exif[3] == 0) || (exif[2] == 0 && exif[3] == MAGIC);
    return switch (exif[0]) {
      case 'I' -> magic ? ByteOrder.LITTLE_ENDIAN : null;
      case 'M' -> magic ? ByteOrder.BIG_ENDIAN : null;
      default -> null;
    };
  }

  /** Some writers name the block twice. */
  private static byte[] withoutName(byte[] block) {
    int skipped = 0;
    for (int i = 0; i < 2; i++) {
      skipped += isNamed(block, skipped, block.length - skipped) ? NAME.length : 0;
    }
    return Arrays.copyOfRange(block, skipped, block.length);
  }

  private static boolean isNamed(byte[] bytes, int offset, int length) {
    return length >= NAME.length
        && Arrays.equals(bytes, offset, offset + NAME.length, NAME, 0, NAME.length);
  }
}
