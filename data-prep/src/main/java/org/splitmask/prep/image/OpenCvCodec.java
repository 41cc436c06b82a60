/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/** JPEG, PNG and WebP, by libjpeg-turbo, libpng and libwebp. */
final class OpenCvCodec {
  static {
    // One task per core is Spark's business; OpenCV's own threads would fight with it.
    opencv_core.setNumThreads(1);
  }

  private OpenCvCodec() {}

  /**
   * Decodes a picture as it is stored, not turned upright.
   *
   * @param reduction 1, or for JPEG alone 2, 4, 8: the sides are divided by it and rounded up, at
   *     the cost of that many fewer steps of the inverse cosine transform
   */
  static Mat decode(byte[] file, ImageHeader header, int reduction) throws RefusedImageException {
    Mat stored = imdecode(new Mat(file), flags(header, reduction));
    if (stored == null || stored.empty()) {
      throw new RefusedImageException(DAMAGED, "the decoder gave up on this %s", header.format());
    }
    return stored;
  }

  private static int flags(ImageHeader header, int reduction) {
    if (header.transparency() == Transparency.ALPHA) {
      return IMREAD_UNCHANGED;
    }
    int colour =
        switch (reduction) {
          case 2 -> IMREAD_REDUCED_COLOR_2;
          case 4 -> IMREAD_REDUCED_COLOR_4;
          case 8 -> IMREAD_REDUCED_COLOR_8;
          default -> IMREAD_COLOR;
        };
    return colour | IMREAD_IGNORE_ORIENTATION;
  }
}
