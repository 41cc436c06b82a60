/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.GifStructure;
import org.splitmask.prep.image.format.TiffStructure;

/** Gives each format to the codec that reads it as it is meant. */
final class Codecs {
  /** A picture is reduced while its shorter side stays this many times as long as the result's. */
  private static final int LEAST_OVERSAMPLING = 2;

  /**
   * From here on the centre square of the reduced picture may be half a pixel beside the true one.
   */
  private static final int LEAST_ROUNDED_OVERSAMPLING = 8;

  private static final int[] REDUCTIONS = {8, 4, 2};

  private Codecs() {}

  /**
   * By how much a picture may be reduced while it is decoded.
   *
   * @param size of the square that is wanted in the end
   */
  static int reduction(ImageHeader header, int size) {
    if (header.format() != ImageFormat.JPEG) {
      return 1;
    }
    int shorter = Math.min(header.width(), header.height());
    int margin = (Math.max(header.width(), header.height()) - shorter) / 2;
    for (int reduction : REDUCTIONS) {
      boolean isExact = shorter % reduction == 0 && margin % reduction == 0;
      int least = isExact ? LEAST_OVERSAMPLING : LEAST_ROUNDED_OVERSAMPLING;
      if (shorter / reduction >= least * size) {
        return reduction;
      }
    }
    return 1;
  }

  /** Decodes a picture as it is stored: grey, BGR or BGRA of 8 or 16 bits. */
  static Mat decode(FileStructure structure, ImageHeader header, int reduction)
      throws RefusedImageException {
    byte[] file = structure.picture();
    Mat stored =
        switch (header.format()) {
          case JPEG, PNG, WEBP -> OpenCvCodec.decode(file, header, reduction);
          case BMP -> ImageIoCodec.decode(file, header);
          case TIFF -> ImageIoCodec.decode(file, header, ((TiffStructure) structure).samples());
          case GIF -> onScreen(ImageIoCodec.decode(file, header), (GifStructure) structure);
        };
    checkSize(stored, header, reduction);
    return stored;
  }

  /** Puts a frame where it belongs; around it the screen is transparent. */
  private static Mat onScreen(Mat frame, GifStructure gif) throws RefusedImageException {
    ImageHeader header = gif.header();
    if (frame.cols() == header.width() && frame.rows() == header.height()) {
      return frame;
    }
    Mat screen = PixelFormat.transparent(header.height(), header.width());
    boolean inside =
        gif.left() + frame.cols() <= header.width() && gif.top() + frame.rows() <= header.height();
    if (!inside) {
      throw new RefusedImageException(
          DAMAGED, "GIF frame of %d×%d pixels, larger than it says", frame.cols(), frame.rows());
    }
    Rect place = new Rect(gif.left(), gif.top(), frame.cols(), frame.rows());
    PixelFormat.withAlpha(frame).copyTo(new Mat(screen, place));
    return screen;
  }

  private static void checkSize(Mat stored, ImageHeader header, int reduction)
      throws RefusedImageException {
    boolean agrees =
        stored.cols() == ceilDivide(header.width(), reduction)
            && stored.rows() == ceilDivide(header.height(), reduction);
    if (!agrees) {
      throw new RefusedImageException(
          DAMAGED,
          "the header says %d×%d pixels, the decoder found %d×%d at a reduction of %d",
          header.width(),
          header.height(),
          stored.cols(),
          stored.rows(),
          reduction);
    }
  }

  private static int ceilDivide(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }
}
