/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;

/**
 * Turns stored pictures into the normalised patches that the model reads.
 *
 * @param stored the table's shape
 * @param cropSize S, the side of the model's input
 * @param patchSize P, of the model; it need not be the table's
 */
public record ModelInput(
    PatchShape stored, int cropSize, int patchSize, PixelNormalisation normalisation)
    implements Serializable {
  public ModelInput {
    Check.that(patchSize > 0, "patch-size must be positive, was %d", patchSize);
    Check.that(
        cropSize > 0 && cropSize % patchSize == 0,
        "crop-size %d is not a positive multiple of patch-size %d; try %d",
        cropSize,
        patchSize,
        Math.max(1, cropSize / patchSize) * patchSize);
    Check.invariant(
        normalisation.mean().length == stored.channels(), "normalisation for other channels");
  }

  /** The same for inputs of another side. */
  public ModelInput ofSize(int otherCropSize) {
    return new ModelInput(stored, otherCropSize, patchSize, normalisation);
  }

  /** G. */
  public int gridSide() {
    return cropSize / patchSize;
  }

  /** L. */
  public int patches() {
    return gridSide() * gridSide();
  }

  /** P·P·C. */
  public int patchValues() {
    return patchSize * patchSize * stored.channels();
  }

  /** The whole picture, as evaluation sees it: writes [L, P·P·C] from {@code at} on. */
  public void whole(byte[] storedPatches, float[] out, int at) {
    cut(crop(storedPatches, CropBox.whole(stored.imageSize())), out, at);
  }

  /** A crop of the picture, resized: [S, S, C], levels in [0, 255]. */
  float[] crop(byte[] storedPatches, CropBox box) {
    byte[] pixels = Patchifier.join(storedPatches, stored);
    return BicubicResizer.crop(pixels, stored.imageSize(), stored.channels(), box, cropSize);
  }

  /** Normalises levels [S, S, C] and writes them as patches [L, P·P·C] from {@code at} on. */
  void cut(float[] levels, float[] out, int at) {
    int channels = stored.channels();
    int rowValues = patchSize * channels;
    for (int y = 0; y < cropSize; y++) {
      for (int gx = 0; gx < gridSide(); gx++) {
        int patch = y / patchSize * gridSide() + gx;
        int target = at + patch * patchValues() + y % patchSize * rowValues;
        int source = (y * cropSize + gx * patchSize) * channels;
        for (int i = 0; i < rowValues; i++) {
          out[target + i] = normalisation.apply(levels[source + i], i % channels);
        }
      }
    }
  }
}
