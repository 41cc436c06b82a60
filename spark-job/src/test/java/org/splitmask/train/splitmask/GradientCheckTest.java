/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective.Branches;

/**
 * The gradient of every tensor of the whole network against central differences along a random
 * direction, in double, with every option of the layers.
 */
class GradientCheckTest {
  private static final int IMAGES = 2;
  private static final int GRID = 2;
  private static final int PATCHES = GRID * GRID;
  private static final int KEPT = 2;
  private static final int VALUES = 3;
  private static final int VOCABULARY = 5;
  private static final double STEP = 1e-5;

  private final Random random = new Random(11);
  private final INDArray patches = Nd4j.create(DataType.DOUBLE, IMAGES, PATCHES, VALUES);

  /** One mini-batch. */
  private record Batch(int[][] visible, int[][] labels, long[] seeds) {}

  @ParameterizedTest
  @CsvSource({
    "TWO, LEARNED, OPPOSITE, 0,   0,   1, 1",
    "TWO, SINCOS,  BOTH,     0.3, 0,   1, 0",
    "TWO, SINCOS,  BOTH,     0.3, 0,   0, 0.7",
    "TWO, LEARNED, BOTH,     0,   0.5, 1, 1",
    "TWO, LEARNED, OPPOSITE, 0.3, 0.5, 1, 1",
    "ONE, LEARNED, OPPOSITE, 0,   0,   1, 0",
    "ONE, SINCOS,  OPPOSITE, 0.3, 0.5, 2, 0"
  })
  void everyTensorAgreesWithFiniteDifferences(
      Branches branches,
      Positions positions,
      Negatives negatives,
      double layerScale,
      double dropPath,
      double inpaintWeight,
      double matchWeight) {
    NetworkShape shape =
        new NetworkShape(GRID, VALUES, 4, 2, 2, 6, 1, positions, GRID, layerScale, dropPath);
    Objective objective =
        new Objective(branches, VOCABULARY, inpaintWeight, matchWeight, 0.2, negatives);
    SplitMaskNetwork network = SplitMaskNetwork.create(shape, objective, DataType.DOUBLE, 5);
    Batch batch = draw(branches == Branches.TWO ? 2 * IMAGES : IMAGES);
    randomise(network.parameters());

    SplitMaskLosses exact =
        network.computeGradients(patches, batch.visible, batch.labels, batch.seeds);
    INDArray gradients = network.gradients().dup();
    assertThat(network.losses(patches, batch.visible, batch.labels, batch.seeds)).isEqualTo(exact);

    double whole = gradients.norm2Number().doubleValue();
    for (ParameterManifest.Entry entry : network.manifest().entries()) {
      var range = NDArrayIndex.interval(entry.offset(), entry.offset() + entry.length());
      INDArray gradient = gradients.get(range);
      double norm = gradient.norm2Number().doubleValue();
      // One direction shows a wrong tensor, but for a choice of measure zero.
      INDArray direction = Nd4j.create(DataType.DOUBLE, entry.length());
      randomise(direction);
      direction.divi(direction.norm2Number());
      double numeric = centralDifference(network, batch, range, direction);
      double analytic = gradient.mul(direction).sumNumber().doubleValue();
      assertThat(Math.abs(numeric - analytic))
          .as("distance of %s along a direction: %s and %s", entry.name(), numeric, analytic)
          .isLessThanOrEqualTo(1e-5 * Math.max(norm, 1e-6 * whole));
    }
  }

  private double centralDifference(
      SplitMaskNetwork network,
      Batch batch,
      org.nd4j.linalg.indexing.INDArrayIndex range,
      INDArray direction) {
    INDArray tensor = network.parameters().get(range);
    INDArray value = tensor.dup();
    tensor.assign(value.add(direction.mul(STEP)));
    double above = network.losses(patches, batch.visible, batch.labels, batch.seeds).total();
    tensor.assign(value.sub(direction.mul(STEP)));
    double below = network.losses(patches, batch.visible, batch.labels, batch.seeds).total();
    tensor.assign(value);
    return (above - below) / (2 * STEP);
  }

  private Batch draw(int sequences) {
    randomise(patches.reshape(patches.length()));
    int[][] visible = new int[sequences][];
    int[][] labels = new int[sequences][PATCHES];
    for (int b = 0; b < sequences; b++) {
      visible[b] = random.ints(0, PATCHES).distinct().limit(KEPT).sorted().toArray();
      for (int l = 0; l < PATCHES; l++) {
        labels[b][l] = random.nextInt(VOCABULARY);
      }
      for (int l : visible[b]) {
        labels[b][l] = -1;
      }
    }
    return new Batch(visible, labels, random.longs(sequences).toArray());
  }

  private void randomise(INDArray vector) {
    for (int i = 0; i < vector.length(); i++) {
      vector.putScalar(i, 0.5 * random.nextGaussian());
    }
  }
}
