/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.Arrays;
import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.split.PatchSplit;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.split.Seeds;
import org.splitmask.train.target.PatchTokenizer;

/**
 * Crops, splits and tokenises the rows of a mini-batch. What it draws depends on (run seed, epoch,
 * image id) alone, so every image is seen alike whichever worker has it.
 */
public final class MiniBatchAssembler {
  private static final long SPLIT = Seeds.hash("split");

  private final ModelInput input;
  private final AugmentedCrops crops;
  private final PatchSplitter splitter;
  private final PatchTokenizer tokenizer;
  private final long seed;

  public MiniBatchAssembler(
      ModelInput input, PatchSplitter splitter, PatchTokenizer tokenizer, long seed) {
    this.input = input;
    this.crops = new AugmentedCrops(input, seed);
    this.splitter = splitter;
    this.tokenizer = tokenizer;
    this.seed = seed;
  }

  /** The mini-batch of these rows in this epoch. */
  public MiniBatch assemble(List<PatchRow> rows, int epoch) {
    int images = rows.size();
    int patches = input.patches();
    int imageValues = patches * input.patchValues();
    float[] pixels = new float[images * imageValues];
    int[][] visible = new int[2 * images][];
    for (int n = 0; n < images; n++) {
      long image = Seeds.hash(rows.get(n).imageId());
      crops.write(rows.get(n), epoch, pixels, n * imageValues);
      PatchSplit split = splitter.split(Seeds.of(seed, SPLIT, epoch, image));
      visible[n] = split.a();
      visible[images + n] = split.b();
    }
    int[] tokens = tokenizer.tokens(pixels, images * patches);
    return new MiniBatch(images, pixels, visible, labels(tokens, visible, patches));
  }

  /** [2N, L]: each branch is to inpaint what it does not see. */
  private static int[][] labels(int[] tokens, int[][] visible, int patches) {
    int images = visible.length / 2;
    int[][] labels = new int[visible.length][];
    for (int b = 0; b < visible.length; b++) {
      int from = b % images * patches;
      labels[b] = Arrays.copyOfRange(tokens, from, from + patches);
      for (int seen : visible[b]) {
        labels[b][seen] = -1;
      }
    }
    return labels;
  }
}
