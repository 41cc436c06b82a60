/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Little pictures for tests, and ways to spoil them. */
public final class Pictures {
  private Pictures() {}

  /** Soft colourful noise that no two seeds share. */
  public static BufferedImage noise(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 40; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(
          random.nextInt(width) - 8, random.nextInt(height) - 8, 6 + width / 4, 6 + height / 4);
    }
    graphics.dispose();
    return image;
  }

  /** Four flat quarters: red, green in the upper row, blue, white in the lower. */
  public static BufferedImage quarters(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < colours.length; i++) {
      graphics.setColor(colours[i]);
      graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2);
    }
    graphics.dispose();
    return image;
  }

  public static byte[] jpeg(BufferedImage image) {
    return encode(image, "jpeg");
  }

  public static byte[] png(BufferedImage image) {
    return encode(image, "png");
  }

  /** The JPEG with an EXIF block that holds an orientation and nothing else. */
  public static byte[] withExif(byte[] jpeg, int orientation) {
    byte[] exif = concat("Exif\0\0".getBytes(StandardCharsets.US_ASCII), tiff(orientation));
    ByteBuffer segment = ByteBuffer.allocate(4 + exif.length);
    segment.putShort((short) 0xFFE1).putShort((short) (2 + exif.length)).put(exif);
    return insert(jpeg, 2, segment.array());
  }

  /** The PNG with a chunk more, right after its header. */
  public static byte[] withChunk(byte[] png, String type, byte[] content) {
    return insert(png, 8 + 25, chunk(type, content));
  }

  public static byte[] chunk(String type, byte[] content) {
    byte[] named = concat(type.getBytes(StandardCharsets.US_ASCII), content);
    CRC32 sum = new CRC32();
    sum.update(named);
    return ByteBuffer.allocate(8 + named.length)
        .putInt(content.length)
        .put(named)
        .putInt((int) sum.getValue())
        .array();
  }

  /** A PNG that claims a size and has no pixels. */
  public static byte[] pngClaiming(int width, int height) {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(8, (byte) 8)
            .put(9, (byte) 2)
            .array();
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    return concat(concat(signature, chunk("IHDR", header)), chunk("IEND", new byte[0]));
  }

  /** A TIFF header with one directory of one entry: the orientation. */
  public static byte[] tiff(int orientation) {
    return ByteBuffer.allocate(8 + 2 + 12 + 4)
        .put(new byte[] {'M', 'M', 0, 42})
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  public static byte[] insert(byte[] bytes, int at, byte[] more) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length + more.length);
    return all.put(bytes, 0, at).put(more).put(bytes, at, bytes.length - at).array();
  }

  public static byte[] concat(byte[] first, byte[] second) {
    return insert(first, first.length, second);
  }

  private static byte[] encode(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalArgumentException("the JDK writes no " + format + " of this kind");
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
