/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.ImageHeader.Transparency;

/**
 * From a file's bytes to an upright square RGB picture. The type is decided by content, the size is
 * judged from the header; OpenCV then decodes. Grey, palette and 16-bit pictures become 8-bit RGB,
 * transparent ones lie on the background; colour profiles are not applied.
 */
public final class ImageDecoder {
  static {
    // One task per core is Spark's business; OpenCV's own threads would fight with it.
    opencv_core.setNumThreads(1);
  }

  private final ImageLimits limits;
  private final Background background;
  private final int size;
  private final ImageResizer resizer;

  /**
   * Makes a decoder; it may be used again and again, by one thread at a time.
   *
   * @param size the side of the pictures that it returns
   */
  public ImageDecoder(ImageLimits limits, Background background, int size) {
    this.limits = limits;
    this.background = background;
    this.size = size;
    this.resizer = new ImageResizer(size);
  }

  /** Decodes one file. Whatever the bytes are, the outcome is a result and never an exception. */
  public DecodeResult decode(byte[] file) {
    try {
      return new Decoded(decode(inspect(file)));
    } catch (RefusedImageException e) {
      return e.result();
    }
  }

  /** Whether the length alone refuses a file, so that it need not be read. */
  public static @Nullable Refused refusedByLength(long length, ImageLimits limits) {
    if (length == 0) {
      return new Refused(RejectionReason.EMPTY, "the file has no bytes");
    }
    if (length > limits.maxBytes()) {
      String detail = length + " bytes, max-bytes is " + limits.maxBytes();
      return new Refused(RejectionReason.TOO_LARGE, detail);
    }
    return null;
  }

  private Inspected inspect(byte[] file) throws RefusedImageException {
    Refused byLength = refusedByLength(file.length, limits);
    if (byLength != null) {
      throw new RefusedImageException(byLength.reason(), "%s", byLength.detail());
    }
    if (JpegStructure.matches(file)) {
      JpegStructure jpeg = new JpegStructure(file);
      ImageHeader header = jpeg.header();
      header.check(limits);
      jpeg.checkEnd();
      return new Inspected(header, file);
    }
    if (PngStructure.matches(file)) {
      PngStructure png = new PngStructure(file);
      ImageHeader header = png.header();
      header.check(limits);
      return new Inspected(png.checkEnd(header), png.stillPicture());
    }
    throw new RefusedImageException(
        RejectionReason.UNSUPPORTED_FORMAT, "%s; JPEG and PNG are read", Signatures.describe(file));
  }

  private DecodedImage decode(Inspected inspected) throws RefusedImageException {
    ImageHeader header = inspected.header;
    try (PointerScope scope = new PointerScope()) {
      int flags =
          header.transparency() == Transparency.ALPHA
              ? IMREAD_UNCHANGED
              : IMREAD_COLOR | IMREAD_IGNORE_ORIENTATION;
      Mat stored = imdecode(new Mat(inspected.file), flags);
      if (stored == null || stored.empty()) {
        throw new RefusedImageException(
            RejectionReason.DAMAGED, "the decoder gave up on this %s", header.format());
      }
      checkSize(stored, header);
      if (header.format() == ImageFormat.JPEG) {
        GreyFill.check(stored, inspected.file);
      }
      Mat square = ImageResizer.centreSquare(stored);
      byte[] resized = resizer.resize(PixelFormat.toBgr(square, background));
      return new DecodedImage(
          Orientation.upright(resized, size, header.orientation()),
          size,
          header.format(),
          header.uprightWidth(),
          header.uprightHeight());
    } catch (RuntimeException e) {
      // OpenCV's C++ exceptions arrive so; what it cannot decode is a property of the file.
      throw new RefusedImageException(
          RejectionReason.DAMAGED, "the decoder failed: %s", firstLine(e));
    }
  }

  private static void checkSize(Mat stored, ImageHeader header) throws RefusedImageException {
    if (stored.cols() != header.width() || stored.rows() != header.height()) {
      throw new RefusedImageException(
          RejectionReason.DAMAGED,
          "the header says %d×%d pixels, the decoder found %d×%d",
          header.width(),
          header.height(),
          stored.cols(),
          stored.rows());
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  /** A file whose structure holds, and the bytes to decode. */
  // An array, because it never leaves this class.
  @SuppressWarnings("ArrayRecordComponent")
  private record Inspected(ImageHeader header, byte[] file) {}
}
