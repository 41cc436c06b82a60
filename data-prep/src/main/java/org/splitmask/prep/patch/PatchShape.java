/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.patch;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * The shape of a picture's patches, uint8 [L, P, P, C]: L patches of P×P pixels with C channels. In
 * words of the method L is even, because each of the two branches sees one half of the patches.
 *
 * @param imageSize the picture's side in pixels
 * @param patchSize P, a patch's side in pixels
 * @param channels C
 */
public record PatchShape(int imageSize, int patchSize, int channels) implements Serializable {
  /** A picture's patches travel as one array; this side keeps them far below its limit. */
  private static final int LARGEST_IMAGE_SIZE = 4096;

  public PatchShape {
    Check.that(
        imageSize > 0 && imageSize <= LARGEST_IMAGE_SIZE,
        "image-size must be from 1 to %d, was %d",
        LARGEST_IMAGE_SIZE,
        imageSize);
    Check.that(patchSize > 0, "patch-size must be positive, was %d", patchSize);
    Check.that(channels > 0 && channels <= 4, "channels must be from 1 to 4, was %d", channels);
    Check.that(
        imageSize % patchSize == 0,
        "image-size %d is not a multiple of patch-size %d; try image-size %d",
        imageSize,
        patchSize,
        Math.max(2, Math.round((double) imageSize / (2 * patchSize)) * 2) * patchSize);
    int side = imageSize / patchSize;
    Check.that(
        side % 2 == 0,
        "image-size %d with patch-size %d gives %d×%d = %d patches, an odd number that cannot be"
            + " split into two halves; try image-size %d",
        imageSize,
        patchSize,
        side,
        side,
        side * side,
        (side + 1) * patchSize);
  }

  /** G: patches along one side. */
  public int gridSide() {
    return imageSize / patchSize;
  }

  /** L = G·G: patches of one picture. */
  public int patches() {
    return gridSide() * gridSide();
  }

  /** P·P·C: values of one patch. */
  public int valuesPerPatch() {
    return patchSize * patchSize * channels;
  }

  /** L·P·P·C: bytes of one picture, cut or not. */
  public int bytes() {
    return imageSize * imageSize * channels;
  }
}
