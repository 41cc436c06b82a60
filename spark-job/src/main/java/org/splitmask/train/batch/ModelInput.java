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
    write(storedPatches, CropBox.whole(stored.imageSize()), out, at);
  }

  /** A crop of the picture: writes [L, P·P·C] from {@code at} on. */
  void write(byte[] storedPatches, CropBox box, float[] out, int at) {
    byte[] pixels = Patchifier.join(storedPatches, stored);
    int channels = stored.channels();
    float[] crop = BicubicResizer.crop(pixels, stored.imageSize(), channels, box, cropSize);
    int rowValues = patchSize * channels;
    for (int y = 0; y < cropSize; y++) {
      for (int gx = 0; gx < gridSide(); gx++) {
        int patch = y / patchSize * gridSide() + gx;
        int target = at + patch * patchValues() + y % patchSize * rowValues;
        int source = (y * cropSize + gx * patchSize) * channels;
        for (int i = 0; i < rowValues; i++) {
          out[target + i] = normalisation.apply(crop[source + i], i % channels);
        }
      }
    }
  }
}
