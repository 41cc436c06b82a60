/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.io.Serializable;
import java.util.SplittableRandom;

/** Decides which patches each branch of an image sees, by a seed; all branches see equally many. */
public sealed interface PatchSplitter extends Serializable
    permits BlockSplitter, UniformSplitter, BlockMasker {
  /** The split that the seed draws. */
  PatchSplit split(long seed);

  /** K, the patches that each branch sees. */
  int kept();

  /** 2, or 1 where the image is not split. */
  default int branches() {
    return 2;
  }

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
