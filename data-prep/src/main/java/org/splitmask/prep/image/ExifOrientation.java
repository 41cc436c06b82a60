/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the orientation from an EXIF block, which is a small TIFF file. */
final class ExifOrientation {
  static final int UPRIGHT = 1;

  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT_TYPE = 3;
  private static final int HEADER_BYTES = 8;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  /** The orientation, 1 to 8; 1 when the block has none or is broken, as viewers do. */
  static int of(byte[] file, int offset, int length) {
    if (length < HEADER_BYTES) {
      return UPRIGHT;
    }
    ByteBuffer tiff = ByteBuffer.wrap(file, offset, length).slice();
    if (tiff.get(0) == 'I' && tiff.get(1) == 'I') {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (tiff.get(0) != 'M' || tiff.get(1) != 'M') {
      return UPRIGHT;
    }
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > length) {
      return UPRIGHT;
    }
    int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) i * ENTRY_BYTES;
      if (entry + ENTRY_BYTES > length) {
        return UPRIGHT;
      }
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == ORIENTATION_TAG) {
        return value(tiff, (int) entry);
      }
    }
    return UPRIGHT;
  }

  private static int value(ByteBuffer tiff, int entry) {
    int value = Short.toUnsignedInt(tiff.getShort(entry + 8));
    boolean valid = tiff.getShort(entry + 2) == SHORT_TYPE && value >= 1 && value <= 8;
    return valid ? value : UPRIGHT;
  }
}
