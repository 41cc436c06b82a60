/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_core.CV_16U;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC4;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2BGRA;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_GRAY2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.file.RejectionReason;

/** Brings whatever a decoder returns to 8-bit BGR. */
final class PixelFormat {
  private static final int OPAQUE = 255;
  private static final double FROM_16_BITS = 1.0 / 257;

  private PixelFormat() {}

  /** Any of grey, BGR and BGRA with 8 or 16 bits; transparent pixels show the background. */
  static Mat toBgr(Mat picture, Background background) throws RefusedImageException {
    Mat bytes = toBytes(picture);
    return switch (bytes.channels()) {
      case 1 -> greyToBgr(bytes);
      case 3 -> bytes;
      case 4 -> over(bytes, background);
      default ->
          throw new RefusedImageException(
              RejectionReason.UNSUPPORTED_FORMAT, "%d channels", bytes.channels());
    };
  }

  /** A picture of which nothing is seen. */
  static Mat transparent(int rows, int columns) {
    return new Mat(rows, columns, CV_8UC4, Scalar.all(0));
  }

  /** The picture with an alpha channel, opaque where it had none. */
  static Mat withAlpha(Mat picture) {
    if (picture.channels() == 4) {
      return picture;
    }
    Mat bgra = new Mat();
    cvtColor(picture, bgra, COLOR_BGR2BGRA);
    return bgra;
  }

  private static Mat toBytes(Mat picture) throws RefusedImageException {
    if (picture.depth() == CV_8U) {
      return picture;
    }
    if (picture.depth() != CV_16U) {
      throw new RefusedImageException(
          RejectionReason.UNSUPPORTED_FORMAT, "pixels of OpenCV depth %d", picture.depth());
    }
    Mat bytes = new Mat();
    picture.convertTo(bytes, CV_8U, FROM_16_BITS, 0);
    return bytes;
  }

  private static Mat greyToBgr(Mat grey) {
    Mat bgr = new Mat();
    cvtColor(grey, bgr, COLOR_GRAY2BGR);
    return bgr;
  }

  /** colour·α + background·(1 − α), rounded, row by row. */
  private static Mat over(Mat bgra, Background background) {
    int[] behind = {background.blue(), background.green(), background.red()};
    Mat bgr = new Mat(bgra.rows(), bgra.cols(), CV_8UC3);
    byte[] in = new byte[4 * bgra.cols()];
    byte[] out = new byte[3 * bgra.cols()];
    for (int row = 0; row < bgra.rows(); row++) {
      bgra.ptr(row).get(in);
      for (int column = 0; column < bgra.cols(); column++) {
        int alpha = Byte.toUnsignedInt(in[4 * column + 3]);
        for (int c = 0; c < 3; c++) {
          int colour = Byte.toUnsignedInt(in[4 * column + c]);
          int mixed = colour * alpha + behind[c] * (OPAQUE - alpha);
          out[3 * column + c] = (byte) ((mixed + OPAQUE / 2) / OPAQUE);
        }
      }
      bgr.ptr(row).put(out);
    }
    return bgr;
  }
}
