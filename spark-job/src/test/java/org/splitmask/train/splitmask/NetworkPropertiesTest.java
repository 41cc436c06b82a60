/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.VisiblePatches;
import org.splitmask.train.split.PatchSplit;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.splitmask.Objective.Branches;

/** What holds of the network whatever its size and its parameters, in double. */
class NetworkPropertiesTest {
  private static final int VALUES = 6;
  private static final int VOCABULARY = 9;
  private static final double ROUNDING = 1e-11;

  /** A network with random parameters and a mini-batch for it. */
  private static final class Drawn {
    private final Random random;
    private final int images;
    private final int length;
    private final SplitMaskNetwork network;
    private final INDArray patches;
    private final int[][] visible;
    private final int[][] labels;

    Drawn(long seed, int images, int gridSide, int depth, double ratio) {
      this.random = new Random(seed);
      this.images = images;
      this.length = gridSide * gridSide;
      Positions positions = random.nextBoolean() ? Positions.LEARNED : Positions.SINCOS;
      Negatives negatives = random.nextBoolean() ? Negatives.OPPOSITE : Negatives.BOTH;
      int heads = 1 + random.nextInt(3);
      double layerScale = random.nextBoolean() ? 0 : 0.3;
      NetworkShape shape =
          new NetworkShape(
              gridSide, VALUES, 4 * heads, depth, heads, 10, 1, positions, gridSide, layerScale, 0);
      Objective objective = new Objective(Branches.TWO, VOCABULARY, 1, 0.7, 0.2, negatives);
      this.network = SplitMaskNetwork.create(shape, objective, DataType.DOUBLE, 5);
      randomise(network.parameters());
      this.patches = Nd4j.create(DataType.DOUBLE, images, length, VALUES);
      randomise(patches.reshape(patches.length()));
      this.visible = new int[2 * images][];
      this.labels = new int[2 * images][];
      UniformSplitter splitter = new UniformSplitter(length, ratio);
      for (int n = 0; n < images; n++) {
        PatchSplit split = splitter.split(random.nextLong());
        int[] tokens = random.ints(length, 0, VOCABULARY).toArray();
        set(n, split.a(), tokens);
        set(images + n, split.b(), tokens);
      }
    }

    private void set(int branch, int[] seen, int[] tokens) {
      visible[branch] = seen;
      labels[branch] = tokens.clone();
      for (int patch : seen) {
        labels[branch][patch] = -1;
      }
    }

    private void randomise(INDArray vector) {
      for (int i = 0; i < vector.length(); i++) {
        vector.putScalar(i, 0.5 * random.nextGaussian());
      }
    }

    /** A layer's output for the mini-batch with its branches in another order. */
    INDArray output(String layer, INDArray pixels, int[] order) {
      return network.activations(pixels, reordered(visible, order)).get(layer).dup();
    }

    SplitMaskLosses losses(INDArray pixels, int[] order) {
      return network.losses(
          pixels, reordered(visible, order), reordered(labels, order), new long[order.length]);
    }

    private static int[][] reordered(int[][] rows, int[] order) {
      int[][] moved = new int[rows.length][];
      for (int b = 0; b < rows.length; b++) {
        moved[b] = rows[order[b]];
      }
      return moved;
    }
  }

  @Property(tries = 20, seed = "20261123")
  void swappingTheBranchesSwapsTheirOutputs(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int images,
      @ForAll @IntRange(min = 1, max = 2) int halfGridSide,
      @ForAll @IntRange(min = 1, max = 2) int depth) {
    Drawn drawn = new Drawn(seed, images, 2 * halfGridSide, depth, 0.5 + 0.25 * (seed & 1));
    int[] same = counting(2 * images);
    int[] swapped = new int[2 * images];
    for (int b = 0; b < 2 * images; b++) {
      swapped[b] = (b + images) % (2 * images);
    }

    for (String layer : new String[] {"encoder.norm", "decoder.norm"}) {
      INDArray before = drawn.output(layer, drawn.patches, same);
      INDArray after = drawn.output(layer, drawn.patches, swapped);
      for (int b = 0; b < 2 * images; b++) {
        assertEqual(row(after, b), row(before, swapped[b]), layer);
      }
    }
    assertEqual(drawn.losses(drawn.patches, swapped), drawn.losses(drawn.patches, same));
  }

  @Property(tries = 20, seed = "20261123")
  void permutingTheImagesPermutesTheirOutputs(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 5) int images,
      @ForAll @IntRange(min = 1, max = 2) int halfGridSide) {
    Drawn drawn = new Drawn(seed, images, 2 * halfGridSide, 1, 0.5);
    int turn = 1 + drawn.random.nextInt(images - 1);
    int[] order = new int[2 * images];
    INDArray moved = drawn.patches.dup();
    for (int n = 0; n < images; n++) {
      int from = (n + turn) % images;
      order[n] = from;
      order[images + n] = images + from;
      row(moved, n).assign(row(drawn.patches, from));
    }

    for (String layer : new String[] {"encoder.norm", "decoder.norm"}) {
      INDArray before = drawn.output(layer, drawn.patches, counting(2 * images));
      INDArray after = drawn.output(layer, moved, order);
      for (int b = 0; b < 2 * images; b++) {
        assertEqual(row(after, b), row(before, order[b]), layer);
      }
    }
    assertEqual(drawn.losses(moved, order), drawn.losses(drawn.patches, counting(2 * images)));
  }

  @Property(tries = 20, seed = "20261123")
  void aBranchKnowsNothingOfPatchesThatItDoesNotSee(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int halfGridSide) {
    Drawn drawn = new Drawn(seed, 2, 2 * halfGridSide, 2, 0.5 + 0.25 * (seed & 1));
    int branch = drawn.random.nextInt(2 * drawn.images);
    int image = branch % drawn.images;
    INDArray changed = drawn.patches.dup();
    boolean changes = false;
    for (int patch = 0; patch < drawn.length; patch++) {
      if (drawn.labels[branch][patch] >= 0) {
        changed.putScalar(new int[] {image, patch, drawn.random.nextInt(VALUES)}, 7.0);
        changes = true;
      }
    }
    assertThat(changes).isTrue();

    for (String layer : new String[] {"encoder.norm", "decoder.norm"}) {
      INDArray before = drawn.output(layer, drawn.patches, counting(2 * drawn.images));
      INDArray after = drawn.output(layer, changed, counting(2 * drawn.images));
      assertEqual(row(after, branch), row(before, branch), layer);
      assertThat(after.distance2(before)).as("the other branch sees some").isGreaterThan(1e-6);
    }
  }

  private static INDArray row(INDArray array, int index) {
    return array.slice(index);
  }

  private static int[] counting(int length) {
    return VisiblePatches.counting(length);
  }

  private static void assertEqual(INDArray actual, INDArray expected, String what) {
    assertThat(actual.distance2(expected))
        .as(what)
        .isLessThanOrEqualTo(ROUNDING * Math.max(1, expected.norm2Number().doubleValue()));
  }

  private static void assertEqual(SplitMaskLosses actual, SplitMaskLosses expected) {
    assertThat(actual.inpaint()).isCloseTo(expected.inpaint(), within(ROUNDING));
    assertThat(actual.match()).isCloseTo(expected.match(), within(ROUNDING));
    assertThat(actual.total()).isCloseTo(expected.total(), within(ROUNDING));
  }
}
