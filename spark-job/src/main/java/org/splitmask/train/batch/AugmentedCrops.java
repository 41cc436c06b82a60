/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.SplittableRandom;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.split.Seeds;

/** The random resized crops that training sees: one of each picture in each epoch. */
public final class AugmentedCrops {
  private static final long CROP = Seeds.hash("crop");

  private final ModelInput input;
  private final long seed;

  public AugmentedCrops(ModelInput input, long seed) {
    this.input = input;
    this.seed = seed;
  }

  /** Writes the picture's crop of this epoch, [L, P·P·C] normalised, from {@code at} on. */
  public void write(PatchRow row, int epoch, float[] out, int at) {
    long image = Seeds.hash(row.imageId());
    SplittableRandom crop = new SplittableRandom(Seeds.of(seed, CROP, epoch, image));
    CropBox box = CropBox.random(input.stored().imageSize(), crop);
    input.write(row.patches(), box, out, at);
  }
}
