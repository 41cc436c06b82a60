/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.splitmask.common.failure.Check;

/**
 * Two disjoint random subsets of K = round((1 − ρ)·L) patches each. At ρ = 0.5 they cover the
 * image; above it, both branches inpaint what neither saw.
 *
 * @param patches L
 * @param ratio ρ, the share of patches that a branch does not see, in [0.5, 1)
 */
public record UniformSplitter(int patches, double ratio) implements PatchSplitter {
  public UniformSplitter {
    Check.that(ratio >= 0.5 && ratio < 1, "split-ratio must be in [0.5, 1), was %s", ratio);
    long kept = Math.round((1 - ratio) * patches);
    Check.that(
        kept >= 1 && 2 * kept <= patches,
        "split-ratio %s leaves %d of %d patches to a branch; it must be 1 to %d",
        ratio,
        kept,
        patches,
        patches / 2);
  }

  @Override
  public int kept() {
    return (int) Math.round((1 - ratio) * patches);
  }

  @Override
  public PatchSplit split(long seed) {
    int[] order = new int[patches];
    Arrays.setAll(order, i -> i);
    PatchSplitter.drawToFront(order, 2 * kept(), new SplittableRandom(seed));
    int[] a = Arrays.copyOfRange(order, 0, kept());
    int[] b = Arrays.copyOfRange(order, kept(), 2 * kept());
    Arrays.sort(a);
    Arrays.sort(b);
    return PatchSplit.of(a, b);
  }
}
