/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.image.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.RejectionReason.UNSUPPORTED_FORMAT;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * TIFF and BMP, by TwelveMonkeys, and GIF, by the JDK. OpenCV reads them too, but not as the files
 * mean it: docs/odd-images.md has the comparison. The readers are made here and not looked up,
 * because what a look-up finds depends on class loaders.
 */
final class ImageIoCodec {
  private static final ImageReaderSpi TIFF = new TIFFImageReaderSpi();
  private static final ImageReaderSpi BMP = new BMPImageReaderSpi();

  private ImageIoCodec() {}

  /**
   * Decodes the first picture of a file as it is stored, to BGR or BGRA of 8 bits.
   *
   * @param bits see {@link PictureSamples#toMat}
   */
  static Mat decode(byte[] file, ImageHeader header, int bits) throws RefusedImageException {
    try {
      ImageReader reader = reader(header.format());
      try (ByteArrayImageInputStream stream = new ByteArrayImageInputStream(file)) {
        reader.setInput(stream, true, true);
        BufferedImage picture = reader.read(0);
        return PictureSamples.toMat(picture, bits);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw new RefusedImageException(
          DAMAGED,
          "the decoder gave up on this %s: %s",
          header.format(),
          String.valueOf(e.getMessage()));
    }
  }

  private static ImageReader reader(ImageFormat format) throws IOException, RefusedImageException {
    return switch (format) {
      case TIFF -> TIFF.createReaderInstance();
      case BMP -> BMP.createReaderInstance();
      case GIF -> ImageIO.getImageReadersByFormatName("gif").next();
      default -> throw new RefusedImageException(UNSUPPORTED_FORMAT, "%s", format);
    };
  }
}
