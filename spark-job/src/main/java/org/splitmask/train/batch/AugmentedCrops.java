/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.random.Seeds;

/**
 * The random views that training sees: one of each picture in each epoch.
 *
 * @param input what a view has to become
 * @param augmentation how a view differs from the picture
 * @param seed of the run
 */
public record AugmentedCrops(ModelInput input, Augmentation augmentation, long seed)
    implements Serializable {
  private static final long CROP = Seeds.hash("crop");
  private static final long COLOUR = Seeds.hash("colour");

  /** Writes the picture's view of this epoch, [L, P·P·C] normalised, from {@code at} on. */
  public void write(PatchRow row, int epoch, float[] out, int at) {
    long image = Seeds.hash(row.imageId());
    SplittableRandom crop = new SplittableRandom(Seeds.of(seed, CROP, epoch, image));
    CropBox box = CropBox.random(input.stored().imageSize(), crop);
    float[] levels = input.crop(row.patches(), box);
    if (augmentation == Augmentation.STRONG) {
      SplittableRandom colour = new SplittableRandom(Seeds.of(seed, COLOUR, epoch, image));
      ColourAugmentation.apply(levels, input.cropSize(), colour);
    }
    input.cut(levels, out, at);
  }
}
