/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.Arrays;
import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.split.PatchSplit;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.target.PatchTokenizer;

/**
 * Crops, splits and tokenises the rows of a mini-batch. What it draws depends on (run seed, epoch,
 * image id) alone, so every image is seen alike whichever worker has it. One thread at a time.
 */
public final class SplitMaskBatchAssembler implements MiniBatchAssembler<SplitMaskBatch> {
  private static final long SPLIT = Seeds.hash("split");
  private static final long NETWORK = Seeds.hash("network");

  private final ModelInput input;
  private final AugmentedCrops crops;
  private final PatchSplitter splitter;
  private final PatchTokenizer tokenizer;

  public SplitMaskBatchAssembler(SplitMaskInput settings) {
    this.input = settings.input();
    this.crops = settings.crops();
    this.splitter = settings.splitter();
    this.tokenizer = new PatchTokenizer(settings.codebook(), settings.tokenSpace());
  }

  @Override
  public SplitMaskBatch assemble(List<PatchRow> rows, int epoch) {
    int images = rows.size();
    int patches = input.patches();
    int imageValues = patches * input.patchValues();
    long seed = crops.seed();
    float[] pixels = new float[images * imageValues];
    int branches = splitter.branches();
    int[][] visible = new int[branches * images][];
    long[] seeds = new long[branches * images];
    for (int n = 0; n < images; n++) {
      long image = Seeds.hash(rows.get(n).imageId());
      crops.write(rows.get(n), epoch, pixels, n * imageValues);
      PatchSplit split = splitter.split(Seeds.of(seed, SPLIT, epoch, image));
      for (int branch = 0; branch < branches; branch++) {
        visible[branch * images + n] = split.visible().get(branch);
        seeds[branch * images + n] = Seeds.of(seed, NETWORK, epoch, image, branch);
      }
    }
    int[] tokens = tokenizer.tokens(pixels, images * patches);
    return new SplitMaskBatch(images, pixels, visible, labels(tokens, visible, images), seeds);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** [B, L]: each branch is to inpaint what it does not see. */
  private static int[][] labels(int[] tokens, int[][] visible, int images) {
    int patches = tokens.length / images;
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
