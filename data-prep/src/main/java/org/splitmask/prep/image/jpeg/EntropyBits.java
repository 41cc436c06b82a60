/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a JPEG's entropy-coded data. Stuffed zero bytes are left out; at a marker, or at the
 * end of the file, zero bits follow for as long as anybody asks, and {@link #overrun} tells.
 */
final class EntropyBits {
  private static final VarHandle BIG_ENDIAN_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int COEFFICIENTS = 64;

  private final byte[] file;
  private int at;

  /** Left-aligned: the next bit is the highest. */
  private long bits;

  private int count;

  /** Of these, the last ones that no byte of the file gave. */
  private int padding;

  EntropyBits(byte[] file, int at) {
    this.file = file;
    this.at = at;
  }

  /** Makes sure that 32 bits can be read. */
  void fill() {
    if (count >= 32) {
      return;
    }
    if (at + 4 <= file.length) {
      int four = (int) BIG_ENDIAN_INT.get(file, at);
      if (!hasFF(four)) {
        bits |= Integer.toUnsignedLong(four) << (32 - count);
        count += 32;
        at += 4;
        return;
      }
    }
    fillByBytes();
  }

  /**
   * Passes a block of a sequential JPEG: a difference and the 63 other coefficients (T.81, F.2.2).
   * Nearly all the time of a walk is spent here, so the fields are kept in variables meanwhile.
   *
   * @return whether its codes make sense
   */
  boolean passBlock(HuffmanTable dc, HuffmanTable ac) {
    fill();
    int entry = dc.find(next16());
    if (entry == 0) {
      return false;
    }
    skip(HuffmanTable.bits(entry));
    long ahead = bits;
    int left = count;
    int position = 1;
    while (position < COEFFICIENTS) {
      if (left < 32) {
        int four = at + 4 <= file.length ? (int) BIG_ENDIAN_INT.get(file, at) : -1;
        if (hasFF(four)) {
          bits = ahead;
          count = left;
          fillByBytes();
          ahead = bits;
          left = count;
        } else {
          ahead |= Integer.toUnsignedLong(four) << (32 - left);
          left += 32;
          at += 4;
        }
      }
      int several = ac.findSeveral((int) (ahead >>> (64 - HuffmanTable.SEVERAL_BITS)));
      int next = position + (several >>> 8);
      if (several == 0 || next % HuffmanTable.END_OF_BLOCK >= COEFFICIENTS) {
        several = ac.find((int) (ahead >>> 48));
        if (several == 0) {
          bits = ahead;
          count = left;
          return false;
        }
        next = position + HuffmanTable.advance(several);
      }
      ahead <<= several; // by the lowest six bits of it
      left -= HuffmanTable.bits(several);
      position = next;
    }
    bits = ahead;
    count = left;
    return position == COEFFICIENTS || position >= HuffmanTable.END_OF_BLOCK;
  }

  private void fillByBytes() {
    while (count <= 56) {
      int next = nextByte();
      bits |= (long) next << (56 - count);
      count += 8;
    }
  }

  /** Whether one of four bytes is FF: its complement is zero (Lamport's test for a zero byte). */
  private static boolean hasFF(int four) {
    return ((~four - 0x01010101) & four & 0x80808080) != 0;
  }

  private int nextByte() {
    if (at >= file.length) {
      padding += 8;
      return 0;
    }
    int next = Byte.toUnsignedInt(file[at]);
    if (next != 0xFF) {
      at++;
      return next;
    }
    if (at + 1 < file.length && file[at + 1] == 0) {
      at += 2;
      return next;
    }
    padding += 8;
    return 0;
  }

  /** The next 16 bits; needs {@link #fill} before. */
  int next16() {
    return (int) (bits >>> 48);
  }

  /** Passes up to 32 bits. */
  void skip(int length) {
    bits <<= length;
    count -= length;
  }

  /** Reads up to 16 bits; needs {@link #fill} before. */
  int read(int length) {
    int value = (int) (bits >>> 1 >>> (63 - length));
    skip(length);
    return value;
  }

  /** Passes any number of bits. */
  void skipMany(int length) {
    int left = length;
    while (left > 32) {
      fill();
      skip(32);
      left -= 32;
    }
    fill();
    skip(left);
  }

  /** Whether more bits were read than there are. */
  boolean overrun() {
    return count < padding;
  }

  /** Whole bytes before the marker that nobody read, given that there was no overrun. */
  int unread() {
    return (count - padding) / 8 + (markerPosition() - at);
  }

  /** Whether all unread bytes are the same: padding, as some cameras write it. */
  boolean unreadIsPadding() {
    int end = markerPosition();
    int start = end - unread();
    for (int i = start + 1; i < end; i++) {
      if (file[i] != file[start]) {
        return false;
      }
    }
    return true;
  }

  /** Where the next marker's last FF lies, or the end of the file. */
  int markerPosition() {
    int position = at;
    while (position + 1 < file.length) {
      boolean marker = file[position] == (byte) 0xFF && isMarker(file[position + 1]);
      if (marker) {
        return position;
      }
      position++;
    }
    return file.length;
  }

  private static boolean isMarker(byte code) {
    return code != 0 && code != (byte) 0xFF;
  }

  /** A byte that is not far behind the next bit. */
  int position() {
    return at;
  }

  /** Goes on behind a restart marker. */
  void restartAfter(int markerPosition) {
    at = markerPosition + 2;
    bits = 0;
    count = 0;
    padding = 0;
  }
}
