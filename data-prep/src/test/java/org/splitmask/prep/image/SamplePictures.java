/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.Pictures.noise;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.splitmask.prep.Pictures;

/** Good files of every format that is read, made by encoders of others. */
public final class SamplePictures {
  static final int WIDTH = 61;
  static final int HEIGHT = 47;

  private SamplePictures() {}

  /** Name to bytes: always the same picture of {@value #WIDTH}×{@value #HEIGHT} pixels. */
  static Map<String, byte[]> all() {
    BufferedImage picture = noise(WIDTH, HEIGHT, 5);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("baseline.jpg", Pictures.jpeg(picture));
    files.put("progressive.jpg", progressiveJpeg(picture));
    files.put(
        "restarts.jpg", openCv(picture, ".jpg", opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2));
    files.put("plain.png", Pictures.png(picture));
    files.put("lossy.webp", openCv(picture, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, 80));
    files.put(
        "lossless.webp", openCv(picture, ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, 101));
    files.put("plain.bmp", written(picture, "bmp", null));
    files.put("runs.bmp", written(palette(picture), "bmp", "BI_RLE8"));
    files.put("plain.gif", written(picture, "gif", null));
    files.put("lzw.tif", written(picture, "tiff", "LZW"));
    files.put("plain.tif", written(picture, "tiff", null));
    files.put("packbits.tif", written(picture, "tiff", "PackBits"));
    files.put("deflate.tif", written(picture, "tiff", "Deflate"));
    files.put("jpeg.tif", written(picture, "tiff", "JPEG"));
    return files;
  }

  public static byte[] progressiveJpeg(BufferedImage picture) {
    return written(picture, "jpeg", "progressive");
  }

  /** Through OpenCV's encoder with one of its settings. */
  public static byte[] openCv(BufferedImage picture, String extension, int setting, int value) {
    try (Mat decoded =
            opencv_imgcodecs.imdecode(
                new Mat(Pictures.png(picture)), opencv_imgcodecs.IMREAD_COLOR);
        BytePointer encoded = new BytePointer();
        IntPointer settings = new IntPointer(setting, value)) {
      opencv_imgcodecs.imencode(extension, decoded, encoded, settings);
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  /** A frame that begins at 3, 2 of the screen and leaves some of it free on every side. */
  static byte[] gifOnScreen(BufferedImage frame, int screenWidth, int screenHeight) {
    byte[] gif = written(frame, "gif", null);
    gif[6] = (byte) screenWidth;
    gif[8] = (byte) screenHeight;
    int descriptor = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 << ((gif[10] & 7) + 1));
    while (gif[descriptor] != 0x2C) {
      descriptor += 2; // an extension: its blocks follow
      while (gif[descriptor] != 0) {
        descriptor += 1 + Byte.toUnsignedInt(gif[descriptor]);
      }
      descriptor++;
    }
    gif[descriptor + 1] = 3;
    gif[descriptor + 3] = 2;
    return gif;
  }

  /** Through the JDK's encoder; "progressive" for a JPEG, otherwise a compression by its name. */
  static byte[] written(BufferedImage picture, String format, String kind) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      if ("progressive".equals(kind)) {
        settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      } else if (kind != null) {
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionType(kind);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(picture, null, null), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static BufferedImage palette(BufferedImage picture) {
    BufferedImage indexed =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED);
    indexed.createGraphics().drawImage(picture, 0, 0, null);
    return indexed;
  }
}
