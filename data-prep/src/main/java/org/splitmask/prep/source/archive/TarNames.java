/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names in a tar's headers as bytes. The library that reads tars has them as text already, with
 * the same sign for whatever it could not decode.
 *
 * @param name none where the headers cannot be followed
 * @param link where the entry leads, if it is a link
 */
// Arrays, because names are bytes; nobody compares these records.
@SuppressWarnings("ArrayRecordComponent")
record TarNames(byte @Nullable [] name, byte @Nullable [] link) {
  private static final int RECORD = 512;
  private static final int NAME_BYTES = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_BYTES = 12;
  private static final int KIND_AT = 156;
  private static final int LINK_AT = 157;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_BYTES = 155;
  private static final byte[] POSIX_MAGIC = "ustar\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads all headers of one entry.
   *
   * @param headers the entry's own 512 bytes, behind those that say more of it (POSIX.1-2001, pax;
   *     GNU's long names)
   */
  static TarNames of(byte[] headers) {
    byte[] name = null;
    byte[] link = null;
    int at = 0;
    while (at + RECORD < headers.length) {
      int size = size(headers, at);
      int content = at + RECORD;
      if (size < 0 || size > headers.length - content) {
        return new TarNames(null, null);
      }
      switch (headers[at + KIND_AT]) {
        case 'L' -> name = text(headers, content, size);
        case 'K' -> link = text(headers, content, size);
        case 'x', 'g', 'X' -> {
          byte[] path = value("path", headers, content, size);
          byte[] target = value("linkpath", headers, content, size);
          name = path == null ? name : path;
          link = target == null ? link : target;
        }
        default -> {
          return new TarNames(null, null);
        }
      }
      at = content + (size + RECORD - 1) / RECORD * RECORD;
    }
    if (at + RECORD != headers.length) {
      return new TarNames(null, null);
    }
    return new TarNames(
        name == null ? ownName(headers, at) : name,
        link == null ? text(headers, at + LINK_AT, NAME_BYTES) : link);
  }

  private static byte[] ownName(byte[] headers, int at) {
    byte[] name = text(headers, at, NAME_BYTES);
    boolean posix =
        Arrays.equals(
            headers,
            at + MAGIC_AT,
            at + MAGIC_AT + POSIX_MAGIC.length,
            POSIX_MAGIC,
            0,
            POSIX_MAGIC.length);
    byte[] prefix = posix ? text(headers, at + PREFIX_AT, PREFIX_BYTES) : new byte[0];
    if (prefix.length == 0) {
      return name;
    }
    byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    whole[prefix.length] = '/';
    System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
    return whole;
  }

  /** Up to the first zero. */
  private static byte[] text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(bytes, from, end);
  }

  /** An octal number; negative where it is none. */
  private static int size(byte[] bytes, int at) {
    String digits =
        new String(bytes, at + SIZE_AT, SIZE_BYTES, StandardCharsets.ISO_8859_1)
            .replace('\0', ' ')
            .strip();
    try {
      return Integer.parseInt(digits, 8);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The last value of a key among pax records, each "length key=value\n". */
  private static byte @Nullable [] value(String key, byte[] bytes, int from, int length) {
    byte[] found = null;
    byte[] wanted = (key + "=").getBytes(StandardCharsets.US_ASCII);
    int end = from + length;
    for (int at = from; at < end; ) {
      int digits = at;
      int record = 0;
      while (digits < end && bytes[digits] >= '0' && bytes[digits] <= '9' && record < length) {
        record = 10 * record + bytes[digits++] - '0';
      }
      int next = at + record;
      if (record == 0 || next > end || digits >= end || bytes[digits] != ' ') {
        return found;
      }
      int start = digits + 1;
      int value = start + wanted.length;
      if (value < next && Arrays.equals(bytes, start, value, wanted, 0, wanted.length)) {
        found = Arrays.copyOfRange(bytes, value, next - 1);
      }
      at = next;
    }
    return found;
  }
}
