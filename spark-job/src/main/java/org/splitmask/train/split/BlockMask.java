/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Patches of a grid taken in rectangles, after BEiT's blockwise masking (Bao et al., 2106.08254,
 * algorithm 1), which stops short of the number that is wanted; here it is met exactly.
 */
final class BlockMask {
  /** BEiT's numbers, for its grid of 14×14 patches; other grids scale them by area. */
  private static final double BEIT_PATCHES = 196;

  private static final double BEIT_SMALLEST_BLOCK = 16;
  private static final double BEIT_LARGEST_BLOCK = 75;
  private static final double FLATTEST_ASPECT = 0.3;
  private static final int DRAWS = 10;

  private final int side;
  private final boolean[] taken;
  private int count;

  private BlockMask(int side) {
    this.side = side;
    this.taken = new boolean[side * side];
  }

  /** Rectangles until {@code wanted} patches are taken. */
  static BlockMask draw(int gridSide, int wanted, SplittableRandom random) {
    BlockMask mask = new BlockMask(gridSide);
    int refused = 0;
    while (mask.count < wanted && refused < DRAWS) {
      Block block = Block.draw(gridSide, wanted - mask.count, random);
      refused = block.fits(gridSide) && mask.add(block, wanted, random) ? 0 : refused + 1;
    }
    mask.take(mask.left(), wanted - mask.count, random);
    return mask;
  }

  /** The patches that were taken, ascending. */
  int[] taken() {
    return indices(true);
  }

  /** The others, ascending. */
  int[] left() {
    return indices(false);
  }

  /**
   * A rectangle of patches before it has a place.
   *
   * @param height in patches
   * @param width in patches
   */
  record Block(int height, int width) {
    /** Its area is uniform between BEiT's bounds, its aspect log-uniform. */
    static Block draw(int gridSide, int missing, SplittableRandom random) {
      double scale = gridSide * gridSide / BEIT_PATCHES;
      double largest = Math.min(Math.max(1, BEIT_LARGEST_BLOCK * scale), missing);
      double smallest = Math.min(Math.max(1, BEIT_SMALLEST_BLOCK * scale), largest);
      double area = smallest + (largest - smallest) * random.nextDouble();
      double flattest = Math.log(FLATTEST_ASPECT);
      double aspect = Math.exp(flattest + -2 * flattest * random.nextDouble());
      return new Block(
          (int) Math.round(Math.sqrt(area * aspect)), (int) Math.round(Math.sqrt(area / aspect)));
    }

    boolean fits(int gridSide) {
      return height >= 1 && width >= 1 && height < gridSide && width < gridSide;
    }
  }

  /** Takes the free patches of a block at a random place; false if there are none. */
  private boolean add(Block block, int wanted, SplittableRandom random) {
    int top = random.nextInt(side - block.height + 1);
    int left = random.nextInt(side - block.width + 1);
    int[] free = new int[block.height * block.width];
    int found = 0;
    for (int row = top; row < top + block.height; row++) {
      for (int column = left; column < left + block.width; column++) {
        if (!taken[row * side + column]) {
          free[found++] = row * side + column;
        }
      }
    }
    take(Arrays.copyOf(free, found), Math.min(found, wanted - count), random);
    return found > 0;
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

  private int[] indices(boolean wanted) {
    int[] indices = new int[wanted ? count : taken.length - count];
    for (int patch = 0, i = 0; patch < taken.length; patch++) {
      if (taken[patch] == wanted) {
        indices[i++] = patch;
      }
    }
    return indices;
  }
}
