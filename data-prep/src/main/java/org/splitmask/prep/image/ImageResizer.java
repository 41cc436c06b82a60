/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;

import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Shorter side to S and centre crop, in the cheaper order: the crop first, then the resize. The
 * pictures are the same, and a strip of 16×60,000 pixels costs nothing.
 */
final class ImageResizer {
  private ImageResizer() {}

  /** The largest centred square; shares its pixels with the picture. */
  static Mat centreSquare(Mat picture) {
    int side = Math.min(picture.cols(), picture.rows());
    int left = (picture.cols() - side) / 2;
    int top = (picture.rows() - side) / 2;
    return new Mat(picture, new Rect(left, top, side, side));
  }

  /** Area averaging downwards, which cannot alias; bicubic upwards, where averaging would block. */
  static Mat resize(Mat square, int size) {
    if (square.cols() == size) {
      return square;
    }
    Mat resized = new Mat();
    int method = square.cols() > size ? INTER_AREA : INTER_CUBIC;
    opencv_imgproc.resize(square, resized, new Size(size, size), 0, 0, method);
    return resized;
  }
}
