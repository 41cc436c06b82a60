/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.ImageReaderSpi;
import org.bytedeco.opencv.opencv_core.Mat;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.SampleMeaning;
import org.splitmask.prep.image.format.TiffBands;
import org.splitmask.prep.image.format.TiffSamples;

/**
 * TIFF and BMP, by TwelveMonkeys, and GIF, by the JDK. OpenCV reads them too, but not as the files
 * mean it: docs/odd-images.md has the comparison. The readers are made here and not looked up,
 * because what a look-up finds depends on class loaders.
 */
final class ImageIoCodec {
  private static final ImageReaderSpi TIFF = new TIFFImageReaderSpi();
  private static final ImageReaderSpi BMP = new BMPImageReaderSpi();

  /** How the readers say that nothing is wrong with a file but that they do not know its kind. */
  private static final Pattern UNREAD = Pattern.compile("^Unsupported|^ExtraSamples not supported");

  private ImageIoCodec() {}

  /** Decodes the first picture of a file as it is stored, to BGR or BGRA of 8 bits. */
  static Mat decode(byte[] file, ImageHeader header) throws RefusedImageException {
    BufferedImage picture = read(file, header);
    return PictureSamples.toMat(picture, SampleMeaning.of(picture));
  }

  /** The same for a TIFF, whose own word about its samples counts and not the decoder's. */
  static Mat decode(byte[] file, ImageHeader header, TiffSamples samples)
      throws RefusedImageException {
    BufferedImage picture = read(TiffBands.forDecoder(file, samples), header);
    samples.checkDecoded(picture.getRaster().getNumBands());
    return PictureSamples.toMat(picture, samples.meaning());
  }

  private static BufferedImage read(byte[] file, ImageHeader header) throws RefusedImageException {
    try {
      ImageReader reader = reader(header.format());
      try (ByteArrayImageInputStream stream = new ByteArrayImageInputStream(file)) {
        reader.setInput(stream, true, true);
        return reader.read(0, asStored(reader, header.format()));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      String why = Failures.line(e);
      throw new RefusedImageException(
          UNREAD.matcher(why).find() ? UNSUPPORTED_FORMAT : DAMAGED,
          "the decoder gave up on this %s: %s",
          header.format(),
          why);
    }
  }

  /** Four bands are no transparent picture until somebody says so, as the reader would have it. */
  private static ImageReadParam asStored(ImageReader reader, ImageFormat format)
      throws IOException {
    ImageReadParam settings = reader.getDefaultReadParam();
    if (format == ImageFormat.TIFF) {
      ImageTypeSpecifier stored = reader.getRawImageType(0);
      if (stored != null && stored.getNumBands() > 3) {
        settings.setDestinationType(stored);
      }
    }
    return settings;
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
