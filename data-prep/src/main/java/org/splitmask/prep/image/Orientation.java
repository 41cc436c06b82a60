/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.rotate;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Turns a stored picture upright. Done here and not by OpenCV's reader, which does it for opaque
 * pictures alone, and on the small square, where it costs nothing.
 */
final class Orientation {
  private static final int LEFT_RIGHT = 1;
  private static final int TOP_BOTTOM = 0;

  private Orientation() {}

  /**
   * Applies an EXIF orientation.
   *
   * @param exif 1 to 8, what the EXIF specification (CIPA DC-008, tag 0x0112) means by it
   */
  static Mat upright(Mat stored, int exif) {
    Mat upright = new Mat();
    switch (exif) {
      case 2 -> flip(stored, upright, LEFT_RIGHT);
      case 3 -> rotate(stored, upright, ROTATE_180);
      case 4 -> flip(stored, upright, TOP_BOTTOM);
      case 5 -> transpose(stored, upright);
      case 6 -> rotate(stored, upright, ROTATE_90_CLOCKWISE);
      case 7 -> {
        Mat transposed = new Mat();
        transpose(stored, transposed);
        rotate(transposed, upright, ROTATE_180);
      }
      case 8 -> rotate(stored, upright, ROTATE_90_COUNTERCLOCKWISE);
      default -> {
        return stored;
      }
    }
    return upright;
  }
}
