/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.random.Seeds;

/** What is drawn is distributed as docs/method.md says. */
class SplitDistributionTest {
  private static final int DRAWS = 20_000;
  private static final int SPLITS = 4_000;

  /** A side of 14 is BEiT's; the areas of others scale by G²/196. */
  @ParameterizedTest
  @CsvSource({"14, 16, 75", "8, 5.2245, 24.4898", "28, 64, 300"})
  void blocksHaveAreasUniformBetweenTheirBoundsAndAspectsUniformInTheLogarithm(
      int gridSide, double smallest, double largest) {
    SplittableRandom random = new SplittableRandom(5);
    double[] areas = new double[DRAWS];
    double[] aspects = new double[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      BlockMask.Block block = BlockMask.Block.draw(gridSide, gridSide * gridSide, random);
      areas[i] = block.height() * block.width();
      aspects[i] = Math.log((double) block.height() / block.width());
    }
    // Sides are rounded to whole patches, which moves an area by half a patch on each side.
    double slack = Math.sqrt(largest / 0.3);
    assertThat(Arrays.stream(areas).min().orElseThrow()).isGreaterThan(smallest - slack);
    assertThat(Arrays.stream(areas).max().orElseThrow()).isLessThan(largest + slack);
    assertThat(mean(areas)).isCloseTo((smallest + largest) / 2, within(0.02 * largest));
    double spread = (largest - smallest) / Math.sqrt(12);
    assertThat(deviation(areas)).isCloseTo(spread, within(0.05 * spread + 0.5));
    assertThat(mean(aspects)).isCloseTo(0, within(0.03));
    double logSpread = 2 * Math.log(1 / 0.3) / Math.sqrt(12);
    assertThat(deviation(aspects)).isCloseTo(logSpread, within(0.05 * logSpread));
  }

  @Test
  void ablockIsNeverLargerThanWhatIsMissing() {
    SplittableRandom random = new SplittableRandom(6);
    for (int missing = 1; missing <= 20; missing++) {
      for (int i = 0; i < 200; i++) {
        BlockMask.Block block = BlockMask.Block.draw(14, missing, random);
        // ±0.5 on each side by rounding.
        assertThat((block.height() - 0.5) * (block.width() - 0.5)).isLessThanOrEqualTo(missing);
      }
    }
  }

  /**
   * The map of docs/split-frequency.svg: the middle of the grid is in a block more often than the
   * rim, alike in all four corners; which branch is called A is drawn, so A sees all alike.
   */
  @Test
  void blocksLieInTheMiddleMoreOftenAndNeitherBranchHasAPlaceOfItsOwn() {
    double[] taken = new double[196];
    double[] ofA = new double[196];
    for (long seed = 0; seed < SPLITS; seed++) {
      int[] block = BlockMask.draw(14, 98, new SplittableRandom(Seeds.of(seed))).taken();
      count(block, taken);
      count(new BlockSplitter(14).split(Seeds.of(seed)).a(), ofA);
    }
    double error = Math.sqrt(0.25 / SPLITS);
    for (int patch = 0; patch < 196; patch++) {
      assertThat(ofA[patch]).as("A at %d", patch).isCloseTo(0.5, within(4.5 * error));
      for (int same : symmetric(patch)) {
        assertThat(taken[patch])
            .as("%d and %d", patch, same)
            .isCloseTo(taken[same], within(6 * error));
      }
    }
    assertThat(taken[0]).isLessThan(0.4);
    assertThat(taken[6 * 14 + 6]).isGreaterThan(0.5);
    assertThat(Arrays.stream(taken).sum()).isCloseTo(98, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.6, 0.75, 0.9})
  void uniformTakesEveryPatchEquallyOften(double ratio) {
    UniformSplitter splitter = new UniformSplitter(64, ratio);
    double[] ofA = new double[64];
    double[] ofB = new double[64];
    for (long seed = 0; seed < SPLITS; seed++) {
      PatchSplit split = splitter.split(Seeds.of(seed));
      count(split.a(), ofA);
      count(split.b(), ofB);
    }
    double share = splitter.kept() / 64.0;
    assertThat(share).isCloseTo(1 - ratio, within(0.5 / 64));
    double error = Math.sqrt(share * (1 - share) / SPLITS);
    for (int patch = 0; patch < 64; patch++) {
      assertThat(ofA[patch]).isCloseTo(share, within(4.5 * error));
      assertThat(ofB[patch]).isCloseTo(share, within(4.5 * error));
    }
  }

  @ParameterizedTest
  @CsvSource({"14, 75", "8, 24", "6, 14", "28, 300", "2, 2"})
  void withoutASplitBlocksHideThreeEighthsOfThePatches(int gridSide, int masked) {
    BlockMasker masker = new BlockMasker(gridSide);
    assertThat(masker.branches()).isEqualTo(1);
    for (long seed = 0; seed < 300; seed++) {
      PatchSplit split = masker.split(seed);
      assertThat(split.visible()).hasSize(1);
      assertThat(split.a()).isSorted().doesNotHaveDuplicates().hasSize(masker.kept());
      assertThat(gridSide * gridSide - split.a().length).isEqualTo(masked);
      assertThat(split.a()).isEqualTo(masker.split(seed).a());
    }
  }

  private static int[] symmetric(int patch) {
    int row = patch / 14;
    int column = patch % 14;
    return new int[] {row * 14 + 13 - column, (13 - row) * 14 + column, column * 14 + row};
  }

  private static void count(int[] patches, double[] shares) {
    for (int patch : patches) {
      shares[patch] += 1.0 / SPLITS;
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .average()
            .orElseThrow());
  }
}
