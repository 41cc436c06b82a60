/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.loss.MatchLoss.Negatives;

class MatchLossTest {
  private static final int WIDTH = 6;

  @ParameterizedTest
  @EnumSource(Negatives.class)
  void lossAndAccuracyAreThoseOfTheFormula(Negatives negatives) {
    double[][] x = noise(8, 3);

    MatchLoss.Result result = new MatchLoss(0.2, negatives).apply(descriptors(x));

    double loss = 0;
    int hits = 0;
    for (int row = 0; row < 8; row++) {
      int positive = (row + 4) % 8;
      double sum = 0;
      boolean isNearest = true;
      for (int other = 0; other < 8; other++) {
        boolean opposite = row / 4 != other / 4;
        if (other != row && (opposite || negatives == Negatives.BOTH)) {
          sum += Math.exp(cosine(x[row], x[other]) / 0.2);
          isNearest &= cosine(x[row], x[other]) <= cosine(x[row], x[positive]);
        }
      }
      loss += Math.log(sum) - cosine(x[row], x[positive]) / 0.2;
      hits += isNearest ? 1 : 0;
    }
    assertThat(result.loss()).isCloseTo(loss / 8, within(1e-12));
    assertThat(result.accuracy()).isEqualTo(hits / 8.0);
  }

  /** Cosines of ±1 over this temperature are logits of ±1e4. */
  @ParameterizedTest
  @EnumSource(Negatives.class)
  void hugeSimilaritiesDoNotOverflow(Negatives negatives) {
    double[][] apart = {{1, 0}, {-1, 0}, {-1, 0}, {1, 0}};

    Descriptors descriptors = descriptors(apart);
    MatchLoss.Result result = new MatchLoss(1e-4, negatives).apply(descriptors);

    assertThat(result.loss()).isCloseTo(2e4, within(1e-6));
    assertThat(sumOfGradient(descriptors)).isFinite();
    double[][] together = {{1, 0}, {-1, 0}, {1, 0}, {-1, 0}};
    assertThat(new MatchLoss(1e-4, negatives).apply(descriptors(together)).loss()).isZero();
  }

  @Test
  void theEffectiveRankCountsDirections() {
    assertThat(rank(new double[][] {{1, 0}, {1, 0}, {1, 0}, {1, 0}})).isZero();
    assertThat(rank(new double[][] {{1, 0}, {-1, 0}, {2, 0}, {-3, 0}})).isCloseTo(1, within(1e-9));
    double[][] cross = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
    assertThat(rank(cross)).isCloseTo(3, within(1e-9));
  }

  @Test
  void theEffectiveRankIsThatOfTheCovariance() {
    INDArray x = Nd4j.create(noise(20, 4));
    INDArray z = x.divColumnVector(x.norm2(true, 1));
    INDArray centred = z.subRowVector(z.mean(0));
    INDArray covariance = centred.transpose().mmul(centred);
    double trace = 0;
    for (int i = 0; i < WIDTH; i++) {
      trace += covariance.getDouble(i, i);
    }
    double squares = covariance.mul(covariance).sumNumber().doubleValue();

    assertThat(
            new MatchLoss(0.2, Negatives.OPPOSITE)
                .apply(descriptors(x.toDoubleMatrix()))
                .effectiveRank())
        .isCloseTo(trace * trace / squares, within(1e-9));
  }

  @Test
  void logitsOfTenThousandAreStable() {
    double[][] x = noise(8, 5);

    Descriptors descriptors = descriptors(x);
    MatchLoss.Result result = new MatchLoss(1e-4, Negatives.BOTH).apply(descriptors);

    assertThat(result.loss()).isFinite().isPositive();
    assertThat(sumOfGradient(descriptors)).isFinite();
  }

  @ParameterizedTest
  @EnumSource(Negatives.class)
  void theGradientIsThatOfFiniteDifferences(Negatives negatives) {
    MatchLoss loss = new MatchLoss(0.2, negatives);
    Descriptors descriptors = descriptors(noise(8, 11));
    loss.apply(descriptors);
    double step = 1e-6;
    for (int row = 0; row < 8; row++) {
      for (int i = 0; i < WIDTH; i++) {
        double[][] x = noise(8, 11);
        x[row][i] += step;
        double above = loss.apply(descriptors(x)).loss();
        x[row][i] -= 2 * step;
        double below = loss.apply(descriptors(x)).loss();
        assertThat(descriptors.gradient(row)[i])
            .isCloseTo((above - below) / (2 * step), within(1e-8));
      }
    }
  }

  @Test
  void roomIsUsedAgain() {
    MatchLoss loss = new MatchLoss(0.2, Negatives.BOTH);
    Descriptors used = descriptors(noise(8, 1));
    loss.apply(used);
    double[][] x = noise(8, 2);
    for (int row = 0; row < 8; row++) {
      System.arraycopy(x[row], 0, used.row(row), 0, WIDTH);
    }
    Descriptors fresh = descriptors(x);
    assertThat(loss.apply(used)).isEqualTo(loss.apply(fresh));
    for (int row = 0; row < 8; row++) {
      assertThat(used.gradient(row)).containsExactly(fresh.gradient(row));
    }
  }

  private static Descriptors descriptors(double[][] x) {
    Descriptors descriptors = new Descriptors(x.length, x[0].length);
    for (int row = 0; row < x.length; row++) {
      System.arraycopy(x[row], 0, descriptors.row(row), 0, x[row].length);
    }
    return descriptors;
  }

  private static double sumOfGradient(Descriptors descriptors) {
    double sum = 0;
    for (int row = 0; row < descriptors.rows(); row++) {
      sum += Arrays.stream(descriptors.gradient(row)).sum();
    }
    return sum;
  }

  private static double rank(double[][] descriptors) {
    return new MatchLoss(0.2, Negatives.OPPOSITE).apply(descriptors(descriptors)).effectiveRank();
  }

  private static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[][] noise(int rows, long seed) {
    Random random = new Random(seed);
    double[][] noise = new double[rows][WIDTH];
    for (double[] row : noise) {
      for (int i = 0; i < WIDTH; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return noise;
  }
}
