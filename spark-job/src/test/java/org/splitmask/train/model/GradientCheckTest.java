/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.PositionTableLayer.Positions;

/** The gradient of every tensor of the whole network against central differences, in double. */
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
  private final int[][] visible = new int[2 * IMAGES][];
  private final int[][] labels = new int[2 * IMAGES][PATCHES];

  @ParameterizedTest
  @CsvSource({
    "LEARNED, OPPOSITE, 0,   1, 1",
    "SINCOS,  BOTH,     0.3, 1, 0",
    "SINCOS,  BOTH,     0.3, 0, 0.7"
  })
  void everyTensorAgreesWithFiniteDifferences(
      Positions positions,
      Negatives negatives,
      double layerScale,
      double inpaintWeight,
      double matchWeight) {
    NetworkShape shape = new NetworkShape(GRID, VALUES, 4, 1, 2, 6, 1, positions, layerScale);
    Objective objective = new Objective(VOCABULARY, inpaintWeight, matchWeight, 0.2, negatives);
    SplitMaskNetwork network = SplitMaskNetwork.create(shape, objective, DataType.DOUBLE, 5);
    drawInputs();
    randomise(network.parameters());

    StepLosses exact = network.computeGradients(patches, visible, labels);
    INDArray gradients = network.gradients().dup();
    assertThat(network.losses(patches, visible, labels)).isEqualTo(exact);

    double whole = gradients.norm2Number().doubleValue();
    for (ParameterManifest.Entry entry : network.manifest().entries()) {
      double squaredDifference = 0;
      double squaredNorm = 0;
      for (int i = entry.offset(); i < entry.offset() + entry.length(); i++) {
        double numeric = centralDifference(network, i);
        double analytic = gradients.getDouble(i);
        squaredDifference += (numeric - analytic) * (numeric - analytic);
        squaredNorm += analytic * analytic;
      }
      assertThat(Math.sqrt(squaredDifference))
          .as("distance from finite differences of %s", entry.name())
          .isLessThanOrEqualTo(1e-5 * Math.max(Math.sqrt(squaredNorm), 1e-6 * whole));
    }
  }

  private double centralDifference(SplitMaskNetwork network, int index) {
    INDArray parameters = network.parameters();
    double value = parameters.getDouble(index);
    parameters.putScalar(index, value + STEP);
    double above = network.losses(patches, visible, labels).total();
    parameters.putScalar(index, value - STEP);
    double below = network.losses(patches, visible, labels).total();
    parameters.putScalar(index, value);
    return (above - below) / (2 * STEP);
  }

  private void drawInputs() {
    randomise(patches.reshape(patches.length()));
    for (int b = 0; b < visible.length; b++) {
      visible[b] = random.ints(0, PATCHES).distinct().limit(KEPT).sorted().toArray();
      for (int l = 0; l < PATCHES; l++) {
        labels[b][l] = random.nextInt(VOCABULARY);
      }
      for (int l : visible[b]) {
        labels[b][l] = -1;
      }
    }
  }

  private void randomise(INDArray vector) {
    for (int i = 0; i < vector.length(); i++) {
      vector.putScalar(i, 0.5 * random.nextGaussian());
    }
  }
}
