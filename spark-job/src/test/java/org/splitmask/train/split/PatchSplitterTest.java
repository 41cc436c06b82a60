/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.random.Seeds;

class PatchSplitterTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 6, 8, 14})
  void blocksHalveTheImageExactly(int gridSide) {
    BlockSplitter splitter = new BlockSplitter(gridSide);
    for (long seed = 0; seed < 500; seed++) {
      PatchSplit split = splitter.split(seed);
      assertThat(split.a()).isSorted().hasSize(splitter.kept());
      assertThat(split.b()).isSorted().hasSize(splitter.kept());
      assertThat(IntStream.concat(IntStream.of(split.a()), IntStream.of(split.b())))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, gridSide * gridSide).boxed().toList());
    }
  }

  @Test
  void blocksAreMoreConnectedThanSinglePatches() {
    double block = 0;
    double uniform = 0;
    for (long seed = 0; seed < 300; seed++) {
      block += sameSideNeighbours(new BlockSplitter(14).split(seed));
      uniform += sameSideNeighbours(new UniformSplitter(196, 0.5).split(seed));
    }
    assertThat(block / 300).isGreaterThan(1.4 * uniform / 300);
  }

  @Test
  void everyPatchIsInEachBranchAboutHalfOfTheTime() {
    int[] inA = new int[64];
    for (long seed = 0; seed < 4000; seed++) {
      for (int patch : new BlockSplitter(8).split(Seeds.of(seed)).a()) {
        inA[patch]++;
      }
    }
    for (int count : inA) {
      assertThat(count / 4000.0).isBetween(0.45, 0.55);
    }
  }

  @Test
  void uniformAboveOneHalfLeavesPatchesThatNeitherSees() {
    UniformSplitter splitter = new UniformSplitter(64, 0.75);
    PatchSplit split = splitter.split(3);
    assertThat(split.a()).hasSize(16).doesNotContain(split.b());
    assertThat(split.b()).hasSize(16);
  }

  @Test
  void theSameSeedDrawsTheSameSplit() {
    assertThat(new BlockSplitter(14).split(9).a()).isEqualTo(new BlockSplitter(14).split(9).a());
    assertThat(new BlockSplitter(14).split(9).a())
        .isNotEqualTo(new BlockSplitter(14).split(10).a());
  }

  @Test
  void anOddNumberOfPatchesIsRefused() {
    assertThatThrownBy(() -> new BlockSplitter(7))
        .hasMessageContaining("7×7 patches are an odd number")
        .hasMessageContaining("crop-size or patch-size");
  }

  @Test
  void aRatioOutsideItsBoundsIsRefused() {
    assertThatThrownBy(() -> new UniformSplitter(64, 0.4))
        .hasMessageContaining("split-ratio must be in [0.5, 1), was 0.4");
  }

  private static int sameSideNeighbours(PatchSplit split) {
    boolean[] inA = new boolean[196];
    for (int patch : split.a()) {
      inA[patch] = true;
    }
    int same = 0;
    for (int patch = 0; patch < 196; patch++) {
      same += patch % 14 < 13 && inA[patch] == inA[patch + 1] ? 1 : 0;
      same += patch < 182 && inA[patch] == inA[patch + 14] ? 1 : 0;
    }
    return same;
  }
}
