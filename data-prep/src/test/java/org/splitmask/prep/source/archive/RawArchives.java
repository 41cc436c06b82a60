/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;

/** Archives byte by byte, as other programs write them and no library of Java's does. */
final class RawArchives {
  static final byte REGULAR = '0';
  static final byte HARD_LINK = '1';
  static final byte SYMBOLIC_LINK = '2';
  static final byte FOLDER = '5';
  static final byte PAX = 'x';
  static final int UTF8_NAMES = 0x800;
  static final int DOS = 0;
  static final int UNIX = 3;

  private RawArchives() {}

  /** A tar in the making. */
  static final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Tar file(byte[] name, byte[] content) {
      return entry(name, REGULAR, new byte[0], content);
    }

    Tar file(String name, String content) {
      return file(utf8(name), utf8(content));
    }

    Tar link(byte kind, String name, String target) {
      return entry(utf8(name), kind, utf8(target), new byte[0]);
    }

    Tar entry(byte[] name, byte kind, byte[] link, byte[] content) {
      byte[] header = new byte[512];
      System.arraycopy(name, 0, header, 0, name.length);
      put(header, 100, "0000644");
      put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
      put(header, 136, "00000000000");
      header[156] = kind;
      System.arraycopy(link, 0, header, 157, link.length);
      put(header, 257, "ustar\000" + "00");
      Arrays.fill(header, 148, 156, (byte) ' ');
      int sum = 0;
      for (byte b : header) {
        sum += Byte.toUnsignedInt(b);
      }
      put(header, 148, String.format(Locale.ROOT, "%06o\0", sum));
      bytes.writeBytes(header);
      bytes.writeBytes(content);
      bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
      return this;
    }

    /** A pax header for the next entry. */
    Tar pax(String key, byte[] value) {
      int length = key.length() + value.length + 3;
      int digits = String.valueOf(length + 2).length();
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      record.writeBytes(utf8((length + digits) + " " + key + "="));
      record.writeBytes(value);
      record.write('\n');
      return entry(utf8("PaxHeaders/x"), PAX, new byte[0], record.toByteArray());
    }

    /** With so many records of zeros behind the last entry. */
    byte[] end(int records) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(bytes.toByteArray());
      all.writeBytes(new byte[512 * records]);
      return all.toByteArray();
    }
  }

  /** A zip of stored entries in the making. */
  static final class Zip {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int entries;

    Zip file(byte[] name, int flags, int system, byte[] extra, byte[] content) {
      return entry(name, flags, system, extra, content, 0);
    }

    Zip link(String name, String target) {
      return entry(utf8(name), 0, UNIX, new byte[0], utf8(target), 0120777 << 16);
    }

    private Zip entry(
        byte[] name, int flags, int system, byte[] extra, byte[] content, int attributes) {
      int offset = bytes.size();
      CRC32 sum = new CRC32();
      sum.update(content);
      ByteBuffer common = little(26);
      common.putShort((short) 20).putShort((short) flags).putShort((short) 0).putInt(0x5A210000);
      common.putInt((int) sum.getValue()).putInt(content.length).putInt(content.length);
      common.putShort((short) name.length).putShort((short) extra.length);
      bytes.writeBytes(new byte[] {'P', 'K', 3, 4});
      bytes.writeBytes(common.array());
      bytes.writeBytes(name);
      bytes.writeBytes(extra);
      bytes.writeBytes(content);
      directory.writeBytes(new byte[] {'P', 'K', 1, 2, 20, (byte) system});
      directory.writeBytes(common.array());
      ByteBuffer rest = little(14);
      rest.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(attributes);
      directory.writeBytes(rest.putInt(offset).array());
      directory.writeBytes(name);
      directory.writeBytes(extra);
      entries++;
      return this;
    }

    byte[] end() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(bytes.toByteArray());
      all.writeBytes(directory.toByteArray());
      ByteBuffer end = little(22);
      end.putInt(0x06054B50).putInt(0).putShort((short) entries).putShort((short) entries);
      end.putInt(directory.size()).putInt(bytes.size());
      all.writeBytes(end.array());
      return all.toByteArray();
    }
  }

  /** Info-ZIP's field with the name in Unicode. */
  static byte[] unicodePath(byte[] rawName, String name) {
    CRC32 sum = new CRC32();
    sum.update(rawName);
    byte[] text = utf8(name);
    ByteBuffer field = little(9 + text.length);
    field.putShort((short) 0x7075).putShort((short) (5 + text.length)).put((byte) 1);
    return field.putInt((int) sum.getValue()).put(text).array();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
