/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.splitmask.common.failure.Check;

/**
 * Rectangles of patches go to one branch until it has exactly half, the rest to the other; after
 * BEiT's blockwise masking (Bao et al., 2106.08254, algorithm 1), which stops short of the half.
 *
 * @param gridSide G; G² must be even
 */
public record BlockSplitter(int gridSide) implements PatchSplitter {
  /** BEiT's numbers, for its grid of 14×14 patches; other grids scale them by area. */
  private static final double BEIT_PATCHES = 196;

  private static final double BEIT_SMALLEST_BLOCK = 16;
  private static final double BEIT_LARGEST_BLOCK = 75;
  private static final double FLATTEST_ASPECT = 0.3;
  private static final int DRAWS = 10;

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
    Mask mask = new Mask(gridSide);
    int refused = 0;
    while (mask.count < kept() && refused < DRAWS) {
      refused = addBlock(mask, random) ? 0 : refused + 1;
    }
    mask.addSingles(kept() - mask.count, random);
    int[] taken = mask.indices(true);
    int[] left = mask.indices(false);
    return random.nextBoolean() ? new PatchSplit(left, taken) : new PatchSplit(taken, left);
  }

  private boolean addBlock(Mask mask, SplittableRandom random) {
    int missing = kept() - mask.count;
    double scale = gridSide * gridSide / BEIT_PATCHES;
    double largest = Math.min(Math.max(1, BEIT_LARGEST_BLOCK * scale), missing);
    double smallest = Math.min(Math.max(1, BEIT_SMALLEST_BLOCK * scale), largest);
    double area = smallest + (largest - smallest) * random.nextDouble();
    double flattest = Math.log(FLATTEST_ASPECT);
    double aspect = Math.exp(flattest + -2 * flattest * random.nextDouble());
    int height = (int) Math.round(Math.sqrt(area * aspect));
    int width = (int) Math.round(Math.sqrt(area / aspect));
    if (height < 1 || width < 1 || height >= gridSide || width >= gridSide) {
      return false;
    }
    int top = random.nextInt(gridSide - height + 1);
    int left = random.nextInt(gridSide - width + 1);
    return mask.addRectangle(top, left, height, width, missing, random);
  }

  /** The patches taken so far. */
  private static final class Mask {
    private final int side;
    private final boolean[] taken;
    private int count;

    Mask(int side) {
      this.side = side;
      this.taken = new boolean[side * side];
    }

    /** Takes the free patches of a rectangle, at most so many of them; false if there are none. */
    boolean addRectangle(
        int top, int left, int height, int width, int most, SplittableRandom random) {
      int[] free = new int[height * width];
      int found = 0;
      for (int row = top; row < top + height; row++) {
        for (int column = left; column < left + width; column++) {
          if (!taken[row * side + column]) {
            free[found++] = row * side + column;
          }
        }
      }
      take(Arrays.copyOf(free, found), Math.min(found, most), random);
      return found > 0;
    }

    void addSingles(int missing, SplittableRandom random) {
      take(indices(false), missing, random);
    }

    private void take(int[] candidates, int number, SplittableRandom random) {
      if (number < candidates.length) {
        PatchSplitter.drawToFront(candidates, number, random);
      }
      for (int i = 0; i < number; i++) {
        taken[candidates[i]] = true;
      }
      count += number;
    }

    int[] indices(boolean wanted) {
      int[] indices = new int[wanted ? count : taken.length - count];
      for (int patch = 0, i = 0; patch < taken.length; patch++) {
        if (taken[patch] == wanted) {
          indices[i++] = patch;
        }
      }
      return indices;
    }
  }
}
