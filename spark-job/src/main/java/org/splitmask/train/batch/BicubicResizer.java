/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import org.splitmask.common.resample.BicubicWeights;
import org.splitmask.common.resample.Resampler;

/** Crops and resizes in one go, as Pillow's BICUBIC but for its rounding between the directions. */
final class BicubicResizer {
  private BicubicResizer() {}

  /**
   * A crop of a square picture, resized and perhaps mirrored.
   *
   * @param pixels uint8 [side, side, C]
   * @param size S
   * @return [S, S, C], levels in [0, 255]
   */
  static float[] crop(byte[] pixels, int side, int channels, CropBox box, int size) {
    BicubicWeights rows = BicubicWeights.of(box.y(), box.height(), size);
    BicubicWeights columns = BicubicWeights.of(box.x(), box.width(), size);
    return Resampler.resample(
        pixels,
        side,
        channels,
        rows,
        box.flip() == CropBox.Flip.HORIZONTAL ? columns.mirrored() : columns);
  }
}
