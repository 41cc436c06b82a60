/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import org.splitmask.prep.image.file.RefusedImageException;

/**
 * Walks the run-length data of a BMP: decoders draw what they can and do not say what is missing.
 */
final class BmpRuns {
  private static final int END_OF_ROW = 0;
  private static final int END_OF_PICTURE = 1;
  private static final int MOVE = 2;

  private final byte[] file;
  private final boolean fourBits;
  private int at;

  BmpRuns(byte[] file, int at, boolean fourBits) {
    this.file = file;
    this.at = at;
    this.fourBits = fourBits;
  }

  /** Refuses data that ends before its end code or all rows, or that draws below the last row. */
  void check(int width, int height) throws RefusedImageException {
    int row = 0;
    int column = 0;
    while (true) {
      // Some writers leave the end code out.
      if (at + 2 > file.length && row >= height - 1 && column >= width) {
        return;
      }
      int length = next();
      int code = next();
      if (length > 0) {
        column += length;
      } else if (code == END_OF_PICTURE) {
        return;
      } else if (code == END_OF_ROW) {
        row++;
        column = 0;
      } else if (code == MOVE) {
        column += next();
        row += next();
      } else {
        column += code;
        passPixels(code);
      }
      if (row > height || (row == height && column > 0)) {
        throw new RefusedImageException(
            DAMAGED, "BMP draws below its %d rows at byte %d", height, at);
      }
    }
  }

  /** Pixels that are given one by one fill whole 16-bit words. */
  private void passPixels(int count) {
    int bytes = fourBits ? (count + 1) / 2 : count;
    at += bytes + (bytes & 1);
  }

  private int next() throws RefusedImageException {
    if (at >= file.length) {
      throw new RefusedImageException(
          TRUNCATED, "BMP ends at byte %d before its end code", file.length);
    }
    return Byte.toUnsignedInt(file[at++]);
  }
}
