/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RefusedImageException;

/** The first directory of a TIFF file (TIFF 6.0, section 2) or of a BigTIFF file. */
final class TiffDirectory {
  private static final int CLASSIC = 42;
  private static final int BIG = 43;
  private static final int MOST_ENTRIES = 4096;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  private final byte[] file;
  private final ByteBuffer bytes;
  private final boolean big;
  private final Map<Integer, Entry> entries = new TreeMap<>();

  /**
   * One entry.
   *
   * @param place where it lies itself
   * @param count of its values
   * @param at where they lie
   */
  private record Entry(long place, int type, long count, long at) {}

  TiffDirectory(byte[] file) throws RefusedImageException {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file);
    this.bytes.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    this.big = bytes.getShort(2) == BIG;
    long directory = big ? s64(8) : u32(4);
    if (directory >= 0 && directory < (big ? 16 : 8)) {
      throw new RefusedImageException(
          DAMAGED, "TIFF whose directory would lie at byte %d, inside its header", directory);
    }
    long count = big ? s64(directory) : u16(directory);
    if (count < 0 || count > MOST_ENTRIES) {
      throw new RefusedImageException(DAMAGED, "TIFF directory of %d entries", count);
    }
    for (int i = 0; i < count; i++) {
      readEntry(directory + (big ? 8 + 20L * i : 2 + 12L * i));
    }
  }

  static boolean matches(byte[] file) {
    if (file.length < 4) {
      return false;
    }
    boolean little = file[0] == 'I' && file[1] == 'I' && file[3] == 0;
    boolean bigEndian = file[0] == 'M' && file[1] == 'M' && file[2] == 0;
    int version = little ? file[2] : file[3];
    return (little || bigEndian) && (version == CLASSIC || version == BIG);
  }

  /** The first value of a tag. */
  long value(int tag, long otherwise) throws RefusedImageException {
    long[] values = values(tag, 1);
    return values == null ? otherwise : values[0];
  }

  /** The first values of a tag; null if it has none. */
  long @Nullable [] values(int tag, int most) throws RefusedImageException {
    Entry entry = entries.get(tag);
    if (entry == null || entry.count <= 0) {
      return null;
    }
    long[] values = new long[(int) Math.min(entry.count, most)];
    int size = sizeOf(entry.type);
    for (int i = 0; i < values.length; i++) {
      values[i] = integer(entry.type, entry.at + (long) i * size);
    }
    return values;
  }

  /** How many values a tag has; 0 where it is missing. */
  long count(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? 0 : entry.count;
  }

  /** The bytes of a tag; null where it is missing or lies outside the file. */
  byte @Nullable [] blob(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null
        || sizeOf(entry.type) != 1
        || entry.at < 0
        || entry.count < 0
        || entry.count > file.length - entry.at) {
      return null;
    }
    byte[] blob = new byte[(int) entry.count];
    System.arraycopy(file, (int) entry.at, blob, 0, blob.length);
    return blob;
  }

  /** The file with another first directory: these values, and whatever this one has besides. */
  byte[] with(Map<Integer, long[]> changed) {
    Map<Integer, long[]> all = new TreeMap<>(changed);
    entries.keySet().forEach(tag -> all.putIfAbsent(tag, new long[0]));
    int size = big ? 8 : 4;
    int entryBytes = big ? 20 : 12;
    int longs = changed.values().stream().mapToInt(values -> values.length).sum();
    int start = (file.length + 7) & ~7;
    int directory = start + size * longs;
    int length = directory + 8 + entryBytes * all.size() + 8;
    ByteBuffer out = ByteBuffer.wrap(Arrays.copyOf(file, length)).order(bytes.order());
    int valuesAt = start;
    out.position(directory);
    putCount(out, all.size());
    for (Map.Entry<Integer, long[]> each : all.entrySet()) {
      Entry kept = entries.get(each.getKey());
      if (kept != null && !changed.containsKey(each.getKey())) {
        out.put(file, (int) kept.place, entryBytes);
        continue;
      }
      putEntry(out, each.getKey(), each.getValue(), valuesAt);
      valuesAt += size * each.getValue().length;
    }
    return (big ? out.putLong(8, directory) : out.putInt(4, directory)).array();
  }

  private void putCount(ByteBuffer out, int count) {
    if (big) {
      out.putLong(count);
    } else {
      out.putShort((short) count);
    }
  }

  /** An entry of long numbers, a single one in the entry itself. */
  private void putEntry(ByteBuffer out, int tag, long[] values, int valuesAt) {
    out.putShort((short) tag).putShort((short) (big ? LONG8 : LONG));
    putNumber(out, values.length);
    if (values.length == 1) {
      putNumber(out, values[0]);
      return;
    }
    putNumber(out, valuesAt);
    int back = out.position();
    out.position(valuesAt);
    for (long value : values) {
      putNumber(out, value);
    }
    out.position(back);
  }

  private void putNumber(ByteBuffer out, long number) {
    if (big) {
      out.putLong(number);
    } else {
      out.putInt((int) number);
    }
  }

  private void readEntry(long at) throws RefusedImageException {
    int tag = u16(at);
    int type = u16(at + 2);
    long count = big ? s64(at + 4) : u32(at + 4);
    long inline = big ? at + 12 : at + 8;
    long size = sizeOf(type);
    boolean fits = count >= 0 && count <= (big ? 8 : 4) / size;
    long values = fits ? inline : big ? s64(inline) : u32(inline);
    entries.putIfAbsent(tag, new Entry(at, type, count, values));
  }

  private long integer(int type, long at) throws RefusedImageException {
    return switch (sizeOf(type)) {
      case 1 -> u8(at);
      case 2 -> u16(at);
      case 8 -> s64(at);
      default -> u32(at);
    };
  }

  /** Bytes of a value; rationals count as two longs, of which the first is read. */
  private static int sizeOf(int type) {
    return switch (type) {
      case 3, 8 -> 2;
      case 4, 9, 11, 13 -> 4;
      case 5, 10, 12, 16, 17, 18 -> 8;
      default -> 1;
    };
  }

  private int u8(long at) throws RefusedImageException {
    return Byte.toUnsignedInt(file[index(at, 1)]);
  }

  private int u16(long at) throws RefusedImageException {
    return Short.toUnsignedInt(bytes.getShort(index(at, 2)));
  }

  private long u32(long at) throws RefusedImageException {
    return Integer.toUnsignedLong(bytes.getInt(index(at, 4)));
  }

  private long s64(long at) throws RefusedImageException {
    return bytes.getLong(index(at, 8));
  }

  private int index(long at, int length) throws RefusedImageException {
    if (at < 0 || at > file.length - length) {
      throw new RefusedImageException(
          TRUNCATED, "TIFF ends at byte %d, its directory goes on at byte %d", file.length, at);
    }
    return (int) at;
  }
}
