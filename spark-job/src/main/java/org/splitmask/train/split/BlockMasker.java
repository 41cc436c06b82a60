/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.SplittableRandom;
import org.splitmask.common.failure.Check;

/**
 * BEiT's blockwise masking (Bao et al., 2106.08254, algorithm 1): no split, but 75 of 196 patches
 * hidden, in rectangles. The number is met exactly; BEiT masks up to 75.
 *
 * @param gridSide G, at least 2
 */
public record BlockMasker(int gridSide) implements PatchSplitter {
  private static final double MASKED_SHARE = 75.0 / 196;

  public BlockMasker {
    Check.that(
        gridSide >= 2,
        "split=none masks some of the patches, but there is only one; change crop-size or patch-size");
  }

  @Override
  public int kept() {
    int patches = gridSide * gridSide;
    return patches - (int) Math.round(MASKED_SHARE * patches);
  }

  @Override
  public int branches() {
    return 1;
  }

  @Override
  public PatchSplit split(long seed) {
    int masked = gridSide * gridSide - kept();
    BlockMask mask = BlockMask.draw(gridSide, masked, new SplittableRandom(seed));
    return PatchSplit.of(mask.left());
  }
}
