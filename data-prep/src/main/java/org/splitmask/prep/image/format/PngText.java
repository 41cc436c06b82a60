/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * EXIF in a PNG's text, where ImageMagick put it before PNG had a chunk for it: a line with its
 * name, a line with its length, and the bytes as hexadecimal digits.
 */
final class PngText {
  /** What Pillow reads; "Raw profile type APP1", which others wrote, it does not. */
  private static final byte[] EXIF_KEYWORD = "Raw profile type exif\0".getBytes(ISO_8859_1);

  /** Of inflated data no more is kept: a profile's name and an orientation lie near its start. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int PIECE = 1 << 13;

  private PngText() {}

  /** Whether a chunk of text is about EXIF; nothing else is inflated. */
  static boolean isExif(byte[] file, int content, int length) {
    int end = content + EXIF_KEYWORD.length;
    return length >= EXIF_KEYWORD.length
        && Arrays.equals(file, content, end, EXIF_KEYWORD, 0, EXIF_KEYWORD.length);
  }

  /**
   * The block in such a chunk; empty where it is broken.
   *
   * @param type tEXt, zTXt or iTXt
   */
  static byte[] exif(String type, byte[] content) {
    int at = EXIF_KEYWORD.length;
    byte[] text =
        switch (type) {
          case "zTXt" -> inflated(content, at + 1); // behind the method
          case "iTXt" -> international(content, at);
          default -> Arrays.copyOfRange(content, at, content.length);
        };
    return fromHex(new String(text, ISO_8859_1));
  }

  /** Where the zero behind a chunk's keyword lies; the end where there is none. */
  static int keyword(byte[] content) {
    return zeroFrom(content, 0);
  }

  /** Zlib's data from a place on; cut where it is absurd or broken. */
  static byte[] inflated(byte[] content, int from) {
    int at = Math.min(from, content.length);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(content, at, content.length - at);
      int length = inflater.inflate(piece);
      while (length > 0 && data.size() + length <= MOST_BYTES) {
        data.write(piece, 0, length);
        length = inflater.inflate(piece);
      }
      return data.toByteArray();
    } catch (DataFormatException e) {
      return data.toByteArray(); // decoders ignore broken data beside the picture
    } finally {
      inflater.end();
    }
  }

  /** Whether it is compressed, the method, a language, a translated keyword, then the text. */
  private static byte[] international(byte[] content, int at) {
    boolean compressed = at < content.length && content[at] != 0;
    int language = zeroFrom(content, at + 2);
    int text = Math.min(zeroFrom(content, language + 1) + 1, content.length);
    return compressed ? inflated(content, text) : Arrays.copyOfRange(content, text, content.length);
  }

  private static int zeroFrom(byte[] content, int from) {
    int at = Math.min(from, content.length);
    while (at < content.length && content[at] != 0) {
      at++;
    }
    return at;
  }

  /** The bytes behind the two lines, as far as there are whole ones. */
  private static byte[] fromHex(String text) {
    String[] lines = text.stripLeading().split("\n", 3);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int high = -1;
    for (char each : lines[lines.length - 1].toCharArray()) {
      int digit = Character.digit(each, 16);
      if (digit < 0 && !Character.isWhitespace(each)) {
        break;
      }
      if (digit >= 0 && high >= 0) {
        bytes.write(high << 4 | digit);
        high = -1;
      } else if (digit >= 0) {
        high = digit;
      }
    }
    return bytes.toByteArray();
  }
}
