/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.target.TokenSpace;

/**
 * Which patches of a picture are taken, and as what vectors. Patches come from the crops that
 * training will see in its first epochs, because those are what tokens are computed on. Whether a
 * patch is taken depends on the seed, the picture and the patch alone.
 */
record PatchSampling(AugmentedCrops crops, TokenSpace space, long seed) implements Serializable {
  private static final long CHOICE = Seeds.hash("codebook patches");
  private static final long PICTURES = Seeds.hash("codebook pictures");

  /**
   * A patch's vector.
   *
   * @param order a hash that shuffles the sample
   * @param vector [d], of length 1
   */
  // An array, because a sample has millions of them.
  @SuppressWarnings("ArrayRecordComponent")
  record Sampled(long order, float[] vector) implements Serializable {}

  /**
   * Patches of a picture, each with the same chance.
   *
   * @param share of all patches of all views that is wanted, from 0 to 1
   * @param views crops of the picture
   */
  List<Sampled> sample(PatchRow row, int views, double share) {
    long image = Seeds.hash(row.imageId());
    ModelInput input = crops.input();
    float[] values = new float[input.patches() * input.patchValues()];
    List<Sampled> sampled = new ArrayList<>();
    for (int view = 0; view < views; view++) {
      crops.write(row, view, values, 0);
      for (int patch = 0; patch < input.patches(); patch++) {
        long order = Seeds.of(seed, CHOICE, view, image, patch);
        float[] vector = chance(order) < share ? vector(values, patch) : null;
        if (vector != null) {
          sampled.add(new Sampled(order, vector));
        }
      }
    }
    return sampled;
  }

  /** Whether a picture is among a share of all. */
  boolean isChosen(PatchRow row, double share) {
    return chance(Seeds.of(seed, PICTURES, Seeds.hash(row.imageId()))) < share;
  }

  /** The first patches of a picture's first crop, in the order of their hashes. */
  List<Sampled> first(PatchRow row, int count) {
    return sample(row, 1, 1).stream()
        .sorted((a, b) -> Long.compareUnsigned(a.order, b.order))
        .limit(count)
        .toList();
  }

  private float @Nullable [] vector(float[] values, int patch) {
    return space.unitVector(values, patch * crops.input().patchValues());
  }

  /** In [0, 1). */
  private static double chance(long hash) {
    return (hash >>> 11) * 0x1p-53;
  }
}
