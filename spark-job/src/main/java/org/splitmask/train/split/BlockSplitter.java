/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.SplittableRandom;
import org.splitmask.common.failure.Check;

/**
 * Rectangles of patches go to one branch until it has exactly half, the rest to the other; see
 * {@link BlockMask}.
 *
 * @param gridSide G; G² must be even
 */
public record BlockSplitter(int gridSide) implements PatchSplitter {
  public BlockSplitter {
    Check.that(
        gridSide % 2 == 0,
        "split=block halves the patches, but %d×%d patches are an odd number; change crop-size or"
            + " patch-size",
        gridSide,
        gridSide);
  }

  @Override
  public int kept() {
    return gridSide * gridSide / 2;
  }

  @Override
  public PatchSplit split(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BlockMask mask = BlockMask.draw(gridSide, kept(), random);
    return random.nextBoolean()
        ? PatchSplit.of(mask.left(), mask.taken())
        : PatchSplit.of(mask.taken(), mask.left());
  }
}
