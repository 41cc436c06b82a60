/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import org.splitmask.prep.image.file.RefusedImageException;

/**
 * Counts the pixels in a GIF frame's LZW data (GIF89a, appendix F), because decoders leave what is
 * missing blank and say nothing.
 */
final class GifData {
  private static final int CODES = 4096;
  private static final int LONGEST_CODE = 12;
  private static final int MOST_COLOUR_BITS = 8;
  private static final int NONE = -1;

  private final byte[] file;
  private final int codeBits;
  private int at;
  private int blockEnd;
  private int bits;
  private int count;

  /** Pixels that each code stands for. */
  private final int[] pixelsOf = new int[CODES];

  GifData(byte[] file, int at) throws RefusedImageException {
    this.file = file;
    this.codeBits = Byte.toUnsignedInt(file[at]);
    this.at = at + 1;
    this.blockEnd = at + 1;
    if (codeBits < 1 || codeBits > MOST_COLOUR_BITS) {
      throw new RefusedImageException(
          DAMAGED, "GIF data for colours of %d bits, the most is %d", codeBits, MOST_COLOUR_BITS);
    }
  }

  void check(long pixels) throws RefusedImageException {
    int clear = 1 << codeBits;
    int length = codeBits + 1;
    int next = clear + 2;
    int previous = NONE;
    long seen = 0;
    while (seen < pixels) {
      int code = read(length);
      if (code == clear) {
        length = codeBits + 1;
        next = clear + 2;
        previous = NONE;
        continue;
      }
      if (code == clear + 1) {
        throw new RefusedImageException(
            TRUNCATED, "GIF data has %d of %d pixels before byte %d", seen, pixels, at);
      }
      if (previous != NONE && next < CODES) {
        pixelsOf[next++] = pixelsOf(previous, clear) + 1;
        if (next == 1 << length && length < LONGEST_CODE) {
          length++;
        }
      }
      if (code >= next || (previous == NONE && code > clear)) {
        throw new RefusedImageException(
            DAMAGED, "GIF data has no code %d before byte %d", code, at);
      }
      seen += pixelsOf(code, clear);
      previous = code;
    }
  }

  private int pixelsOf(int code, int clear) {
    return code < clear ? 1 : pixelsOf[code];
  }

  private int read(int length) throws RefusedImageException {
    while (count < length) {
      bits |= nextByte() << count;
      count += 8;
    }
    int code = bits & (1 << length) - 1;
    bits >>>= length;
    count -= length;
    return code;
  }

  private int nextByte() throws RefusedImageException {
    if (at == blockEnd) {
      int length = at < file.length ? Byte.toUnsignedInt(file[at]) : 0;
      if (length == 0 || at + 1 >= file.length) {
        throw new RefusedImageException(
            TRUNCATED, "GIF data breaks off at byte %d", Math.min(at, file.length));
      }
      at++;
      blockEnd = at + length;
    }
    if (at >= file.length) {
      throw new RefusedImageException(TRUNCATED, "GIF ends at byte %d inside a frame", at);
    }
    return Byte.toUnsignedInt(file[at++]);
  }
}
