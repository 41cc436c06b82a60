/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;

class RoundDeltasTest {
  @Test
  void thatOfTwoWorkersIsTheirCosine() {
    double[][] deltas = {{3, 0, 4}, {0, 5, 12}};
    assertThat(of(deltas, 1, 1).cosine()).isCloseTo(4 * 12 / (5.0 * 13), within(1e-12));
    assertThat(of(deltas, 7, 2).cosine())
        .as("whatever their weights")
        .isCloseTo(4 * 12 / (5.0 * 13), within(1e-12));
  }

  @Test
  void workersThatGoTheSameWayHaveOneAndThoseThatGoAgainstEachOtherMinusOne() {
    assertThat(of(new double[][] {{1, 2}, {2, 4}, {3, 6}}, 1, 2, 3).cosine())
        .isCloseTo(1, within(1e-12));
    assertThat(of(new double[][] {{1, 2}, {-2, -4}}, 1, 2).cosine()).isCloseTo(-1, within(1e-12));
    assertThat(of(new double[][] {{1, 0}, {0, 1}}, 1, 1).cosine()).isCloseTo(0, within(1e-12));
  }

  /** Against all pairs, one after the other. */
  @Test
  void thatOfManyIsTheWeightedMeanOfAllPairs() {
    Random random = new Random(1);
    double[][] deltas = new double[5][40];
    long[] images = {3, 9, 4, 4, 7};
    for (double[] delta : deltas) {
      for (int i = 0; i < delta.length; i++) {
        delta[i] = random.nextGaussian() + 0.5;
      }
    }
    double products = 0;
    double lengths = 0;
    for (int a = 0; a < deltas.length; a++) {
      for (int b = 0; b < deltas.length; b++) {
        if (a != b) {
          products += images[a] * images[b] * dot(deltas[a], deltas[b]);
          lengths += images[a] * images[b] * norm(deltas[a]) * norm(deltas[b]);
        }
      }
    }
    assertThat(of(deltas, images).cosine()).isCloseTo(products / lengths, within(1e-12));
  }

  @Test
  void oneWorkerHasNobodyToAgreeWith() {
    RoundDeltas alone = of(new double[][] {{3, 4}}, 8);
    assertThat(alone.worker()).isEqualTo(5);
    assertThat(alone.mean()).isEqualTo(5);
    assertThat(alone.cosine()).isNaN();
  }

  @Test
  void workersThatStoodStillHaveNoDirection() {
    assertThat(of(new double[][] {{0, 0}, {0, 0}}, 1, 1).cosine()).isNaN();
  }

  private static RoundDeltas of(double[][] deltas, long... images) {
    List<WorkerReport> reports = new ArrayList<>();
    double[] mean = new double[deltas[0].length];
    long all = 0;
    for (long count : images) {
      all += count;
    }
    for (int w = 0; w < deltas.length; w++) {
      reports.add(new WorkerReport(w, images[w], List.of(), norm(deltas[w]), new Pace(1, 0, 0), 0));
      for (int i = 0; i < mean.length; i++) {
        mean[i] += (double) images[w] / all * deltas[w][i];
      }
    }
    return RoundDeltas.of(reports, norm(mean));
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
