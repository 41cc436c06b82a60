/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.io.Serializable;
import java.util.SplittableRandom;

/** Splits the patches of an image in two disjoint sets of equal size, by a seed. */
public sealed interface PatchSplitter extends Serializable permits BlockSplitter, UniformSplitter {
  /** The split that the seed draws. */
  PatchSplit split(long seed);

  /** K, the patches that each branch sees. */
  int kept();

  /** Moves {@code count} random elements to the front (Fisher and Yates). */
  static void drawToFront(int[] values, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, values.length);
      int drawn = values[j];
      values[j] = values[i];
      values[i] = drawn;
    }
  }
}
