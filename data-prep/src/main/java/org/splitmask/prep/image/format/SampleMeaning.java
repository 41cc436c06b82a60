/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;

/**
 * What the samples of a pixel are.
 *
 * @param colours how many of the first ones: 1 of grey or of a palette, 3 of light, 4 of inks
 * @param zero what the decoded picture has for it, whatever its decoder turned round
 * @param alphaBand the place of the alpha; {@value #NO_BAND} without one
 * @param bits of a sample in the file, where the decoded picture has more room for it; otherwise 0
 */
public record SampleMeaning(int colours, Zero zero, Alpha alpha, int alphaBand, int bits) {
  static final int NO_BAND = -1;

  /** What the number zero is in a colour. */
  public enum Zero {
    BLACK,
    WHITE
  }

  /** What alpha does to the colours beside it. */
  public enum Alpha {
    NONE,
    /** The colours were multiplied by it when the file was written. */
    ASSOCIATED,
    UNASSOCIATED
  }

  /** What the decoder says, where the file says no more. */
  public static SampleMeaning of(BufferedImage picture) {
    ColorModel model = picture.getColorModel();
    int bands = picture.getRaster().getNumBands();
    boolean inks = model.getColorSpace().getType() == ColorSpace.TYPE_CMYK;
    int colours = inks ? 4 : bands < 3 ? 1 : 3;
    if (!model.hasAlpha()) {
      return new SampleMeaning(colours, Zero.BLACK, Alpha.NONE, NO_BAND, 0);
    }
    Alpha alpha = picture.isAlphaPremultiplied() ? Alpha.ASSOCIATED : Alpha.UNASSOCIATED;
    return new SampleMeaning(colours, Zero.BLACK, alpha, bands - 1, 0);
  }
}
