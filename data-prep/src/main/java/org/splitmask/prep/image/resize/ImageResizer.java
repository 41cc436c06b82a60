/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Shorter side to S and centre crop, in the cheaper order: the crop first, then the resize. The
 * pictures are the same but for a band at two edges as wide as the filter, where the resize no
 * longer sees what was cropped; and a strip of 16×60,000 pixels costs nothing.
 *
 * <p>Keeps its buffers: for one thread at a time.
 */
public final class ImageResizer {
  private final SquareResizer resizer;

  /**
   * Makes a resizer.
   *
   * @param size S
   */
  public ImageResizer(int size) {
    this.resizer = new SquareResizer(size);
  }

  /** The largest centred square; shares its pixels with the picture. */
  public static Mat centreSquare(Mat picture) {
    int side = Math.min(picture.cols(), picture.rows());
    int left = (picture.cols() - side) / 2;
    int top = (picture.rows() - side) / 2;
    return new Mat(picture, new Rect(left, top, side, side));
  }

  /**
   * Resizes, and brings red to the front.
   *
   * @param square uint8 [side, side, 3], blue first
   * @return uint8 [S, S, 3], red first
   */
  public byte[] resize(Mat square) {
    return resizer.resize(new MatRows(square), square.cols());
  }
}
