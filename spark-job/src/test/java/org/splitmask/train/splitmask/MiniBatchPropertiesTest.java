/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.split.BlockMasker;
import org.splitmask.train.split.BlockSplitter;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.PatchTokenizer;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;

/** What holds of every mini-batch, and of an image in whichever mini-batch it lies. */
class MiniBatchPropertiesTest {
  private static final int CROP = 16;
  private static final int PATCH = 4;
  private static final int PATCHES = (CROP / PATCH) * (CROP / PATCH);
  private static final PatchShape STORED = new PatchShape(20, 5, 3);
  private static final ModelInput INPUT =
      new ModelInput(STORED, CROP, PATCH, PixelNormalisation.IMAGENET);
  private static final int VALUES = PATCHES * INPUT.patchValues();
  private static final TokenSpace SPACE = new TokenSpace(PATCH, 3, TokenCentering.PATCH);
  private static final Codebook CODEBOOK = Codebook.randomProjection(64, SPACE.dimensions(), 3);

  @Property(tries = 60, seed = "20261123")
  void halvesMakeEveryPatchATargetExactlyOnce(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 50) int epoch, @ForAll boolean blocks) {
    PatchSplitter splitter =
        blocks ? new BlockSplitter(CROP / PATCH) : new UniformSplitter(PATCHES, 0.5);
    SplitMaskBatch batch = assembler(splitter, seed).assemble(rows(3), epoch);

    for (int n = 0; n < 3; n++) {
      for (int patch = 0; patch < PATCHES; patch++) {
        boolean ofA = batch.labels()[n][patch] >= 0;
        boolean ofB = batch.labels()[3 + n][patch] >= 0;
        assertThat(ofA ^ ofB).as("patch %d of image %d", patch, n).isTrue();
      }
    }
  }

  @Property(tries = 60, seed = "20261123")
  void belowHalfThoseThatNeitherSeesAreTargetsTwice(@ForAll long seed) {
    SplitMaskBatch batch = assembler(new UniformSplitter(PATCHES, 0.75), seed).assemble(rows(2), 0);

    for (int n = 0; n < 2; n++) {
      int[] targets = new int[PATCHES];
      for (int patch = 0; patch < PATCHES; patch++) {
        targets[patch] += batch.labels()[n][patch] >= 0 ? 1 : 0;
        targets[patch] += batch.labels()[2 + n][patch] >= 0 ? 1 : 0;
      }
      assertThat(Arrays.stream(targets).filter(count -> count == 1)).hasSize(PATCHES / 2);
      assertThat(Arrays.stream(targets).filter(count -> count == 2)).hasSize(PATCHES / 2);
    }
  }

  @Property(tries = 30, seed = "20261123")
  void withoutASplitWhatIsMaskedIsATargetOnceAndTheRestNever(@ForAll long seed) {
    SplitMaskBatch batch = assembler(new BlockMasker(CROP / PATCH), seed).assemble(rows(3), 0);

    assertThat(batch.visible()).hasNumberOfRows(3);
    for (int n = 0; n < 3; n++) {
      int[] labels = batch.labels()[n];
      assertThat(Arrays.stream(labels).filter(token -> token >= 0)).hasSize(6);
      assertThat(Arrays.stream(batch.visible()[n]).map(patch -> labels[patch]))
          .hasSize(PATCHES - 6)
          .containsOnly(-1);
    }
  }

  /** However the images are dealt to workers, each is cropped, split and tokenised alike. */
  @Property(tries = 30, seed = "20261123")
  void anImageIsTheSameInEveryMiniBatchOfAnEpoch(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 9) int epoch,
      @ForAll @IntRange(min = 1, max = 4) int workers) {
    List<PatchRow> rows = new ArrayList<>(rows(8));
    PatchSplitter splitter = new BlockSplitter(CROP / PATCH);
    SplitMaskBatch whole = assembler(splitter, seed).assemble(rows, epoch);
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
    Collections.shuffle(order, new Random(seed));

    for (int worker = 0; worker < workers; worker++) {
      int first = worker * 8 / workers;
      List<Integer> share = order.subList(first, (worker + 1) * 8 / workers);
      SplitMaskBatch part =
          assembler(splitter, seed).assemble(share.stream().map(rows::get).toList(), epoch);
      for (int i = 0; i < share.size(); i++) {
        int n = share.get(i);
        assertThat(pixels(part, i)).isEqualTo(pixels(whole, n));
        for (int branch = 0; branch < 2; branch++) {
          int at = branch * share.size() + i;
          assertThat(part.visible()[at]).isEqualTo(whole.visible()[branch * 8 + n]);
          assertThat(part.labels()[at]).isEqualTo(whole.labels()[branch * 8 + n]);
        }
      }
    }
    assertThat(assembler(splitter, seed).assemble(rows, epoch + 1).patches())
        .isNotEqualTo(whole.patches());
  }

  @Property(tries = 60, seed = "20261123")
  void tokensAreThoseOfTryingAllVectors(@ForAll long seed, @ForAll TokenCentering centering) {
    TokenSpace space = new TokenSpace(PATCH, 3, centering);
    Random random = new Random(seed);
    float[] patches = new float[40 * INPUT.patchValues()];
    for (int i = 0; i < patches.length; i++) {
      patches[i] = (float) random.nextGaussian();
    }

    int[] tokens = new PatchTokenizer(CODEBOOK, space).tokens(patches, 40);

    int clear = 0;
    for (int i = 0; i < tokens.length; i++) {
      double[] similarity = similarities(space.unitVector(patches, i * INPUT.patchValues()));
      double best = Arrays.stream(similarity).max().orElseThrow();
      // A product in float may not tell near-ties apart.
      assertThat(similarity[tokens[i]]).isGreaterThan(best - 1e-5);
      clear += similarity[tokens[i]] == best ? 1 : 0;
    }
    assertThat(clear).isGreaterThanOrEqualTo(38);
  }

  private static double[] similarities(float[] vector) {
    double[] similarity = new double[CODEBOOK.vocabulary()];
    for (int v = 0; v < similarity.length; v++) {
      for (int i = 0; i < vector.length; i++) {
        similarity[v] += (double) vector[i] * CODEBOOK.values()[v * vector.length + i];
      }
    }
    return similarity;
  }

  private static float[] pixels(SplitMaskBatch batch, int image) {
    return Arrays.copyOfRange(batch.patches(), image * VALUES, (image + 1) * VALUES);
  }

  private static SplitMaskBatchAssembler assembler(PatchSplitter splitter, long seed) {
    AugmentedCrops crops = new AugmentedCrops(INPUT, Augmentation.STANDARD, seed);
    return new SplitMaskBatchAssembler(new SplitMaskInput(crops, splitter, CODEBOOK, SPACE));
  }

  private static List<PatchRow> rows(int count) {
    List<PatchRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] patches = new byte[STORED.bytes()];
      new Random(i).nextBytes(patches);
      rows.add(new PatchRow("image " + i, "path " + i, null, patches));
    }
    return rows;
  }
}
