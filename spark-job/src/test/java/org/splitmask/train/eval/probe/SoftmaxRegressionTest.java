/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxRegressionTest {
  private static final int WIDTH = 5;
  private static final int CLASSES = 3;
  private static final LabelledFeatures TRAIN = Rows.clouds(40, 1, 4, CLASSES, 1.5).train();

  private final double[] inputs =
      Standardisation.of(TRAIN).apply(TRAIN, IntStream.range(0, 40).toArray());
  private final DesignMatrix design = new DesignMatrix(inputs, 40, CLASSES);

  @AfterEach
  void close() {
    design.close();
  }

  @Test
  void lossAndGradientAreThoseOfSlowObviousCode() {
    double[] parameters = new Random(1).doubles(WIDTH * CLASSES, -1, 1).toArray();

    Lbfgs.Valued loss = SoftmaxRegression.loss(design, TRAIN.labels(), 0.1, parameters);

    assertThat(loss.value()).isCloseTo(slowLoss(parameters, 0.1), within(1e-12));
    for (int i = 0; i < parameters.length; i++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double difference = (slowLoss(up, 0.1) - slowLoss(down, 0.1)) / 2e-5;
      assertThat(loss.gradient()[i]).as("parameter %d", i).isCloseTo(difference, within(1e-8));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0, 0.1, 0.01})
  void theOptimumIsThatOfGradientDescent(double l2) {
    double[] start = new double[WIDTH * CLASSES];
    double[] found = SoftmaxRegression.fit(design, TRAIN.labels(), l2, start);

    double[] descended = start.clone();
    for (int step = 0; step < 40_000; step++) {
      double[] gradient = slowGradient(descended, l2);
      for (int i = 0; i < descended.length; i++) {
        descended[i] -= 0.5 * gradient[i];
      }
    }
    assertThat(found).containsExactly(descended, within(1e-3));
    assertThat(slowLoss(found, l2)).isCloseTo(slowLoss(descended, l2), within(1e-8));
  }

  @Test
  void theStartDoesNotMatter() {
    double[] zero = new double[WIDTH * CLASSES];
    double[] elsewhere = new double[WIDTH * CLASSES];
    Arrays.fill(elsewhere, 0, (WIDTH - 1) * CLASSES, 3);

    assertThat(SoftmaxRegression.fit(design, TRAIN.labels(), 0.1, elsewhere))
        .containsExactly(SoftmaxRegression.fit(design, TRAIN.labels(), 0.1, zero), within(1e-3));
  }

  @Test
  void predictionsAreTheMostProbableClasses() {
    double[] parameters = new Random(2).doubles(WIDTH * CLASSES, -1, 1).toArray();

    int[] predicted = SoftmaxRegression.predict(design, parameters);

    for (int row = 0; row < predicted.length; row++) {
      double[] shares = slowSoftmax(row, parameters);
      assertThat(shares[predicted[row]]).isEqualTo(Arrays.stream(shares).max().orElseThrow());
    }
  }

  private double slowLoss(double[] parameters, double l2) {
    double loss = 0;
    for (int row = 0; row < TRAIN.rows(); row++) {
      loss -= Math.log(slowSoftmax(row, parameters)[TRAIN.labels()[row]]) / TRAIN.rows();
    }
    for (int i = 0; i < (WIDTH - 1) * CLASSES; i++) {
      loss += l2 / 2 * parameters[i] * parameters[i];
    }
    return loss;
  }

  private double[] slowGradient(double[] parameters, double l2) {
    double[] gradient = new double[parameters.length];
    for (int row = 0; row < TRAIN.rows(); row++) {
      double[] shares = slowSoftmax(row, parameters);
      for (int j = 0; j < WIDTH; j++) {
        for (int c = 0; c < CLASSES; c++) {
          double wanted = c == TRAIN.labels()[row] ? 1 : 0;
          gradient[j * CLASSES + c] +=
              (shares[c] - wanted) * inputs[row * WIDTH + j] / TRAIN.rows();
        }
      }
    }
    for (int i = 0; i < (WIDTH - 1) * CLASSES; i++) {
      gradient[i] += l2 * parameters[i];
    }
    return gradient;
  }

  private double[] slowSoftmax(int row, double[] parameters) {
    double[] shares = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      double score = 0;
      for (int j = 0; j < WIDTH; j++) {
        score += inputs[row * WIDTH + j] * parameters[j * CLASSES + c];
      }
      shares[c] = Math.exp(score);
      sum += shares[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      shares[c] /= sum;
    }
    return shares;
  }
}
