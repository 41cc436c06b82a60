/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.train.eval.probe.Rows.row;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearestNeighboursTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 1000})
  void votesAreThoseOfSlowObviousCode(int neighbours) {
    LabelledSplits splits = Rows.clouds(300, 290, 9, 5, 2.0);

    int[] predicted = NearestNeighbours.predict(splits, neighbours);

    for (int i = 0; i < predicted.length; i++) {
      assertThat(predicted[i]).as("row %d", i).isEqualTo(slowly(splits, i, neighbours));
    }
  }

  @Test
  void ofEqualVotesTheLowerClassWinsAndOfEqualNeighboursTheEarlierRow() {
    List<FeatureRow> train =
        List.of(row("1", "b", 1f, 1f), row("2", "a", 2f, 2f), row("3", "c", 0f, 0f));
    LabelledSplits splits = LabelledSplits.of(train, List.of(row("4", "c", 3f, 3f)));

    assertThat(NearestNeighbours.predict(splits, 2)).containsExactly(0);
    assertThat(NearestNeighbours.predict(splits, 1)).containsExactly(1);
  }

  @Test
  void anImageOfZerosIsSimilarToNothing() {
    List<FeatureRow> train = List.of(row("1", "a", 1f, 0f), row("2", "b", 0f, 1f));
    LabelledSplits splits = LabelledSplits.of(train, List.of(row("3", "b", 0f, 0f)));

    assertThat(NearestNeighbours.predict(splits, 20)).containsExactly(0);
  }

  @Test
  void theScoreIsTheShareOfHits() {
    List<FeatureRow> train = List.of(row("1", "a", 1f, 0f), row("2", "b", 0f, 1f));
    List<FeatureRow> test =
        List.of(row("3", "a", 5f, 1f), row("4", "b", 5f, 1f), row("5", "b", 1f, 3f));

    ProbeScore score = NearestNeighbours.score(LabelledSplits.of(train, test));

    assertThat(score.accuracy()).isEqualTo(2.0 / 3);
    assertThat(score.standardError()).isEqualTo(Math.sqrt(2.0 / 3 * (1 - 2.0 / 3) / 3));
  }

  private static int slowly(LabelledSplits splits, int query, int neighbours) {
    LabelledFeatures train = splits.train();
    double[] votes = new double[splits.classes().size()];
    IntStream.range(0, train.rows())
        .boxed()
        .sorted(Comparator.comparingDouble(row -> -cosine(train, row, splits.test(), query)))
        .limit(neighbours)
        .forEach(
            row ->
                votes[train.labels()[row]] +=
                    Math.exp(cosine(train, row, splits.test(), query) / 0.07));
    int best = 0;
    for (int i = 0; i < votes.length; i++) {
      best = votes[i] > votes[best] ? i : best;
    }
    return best;
  }

  private static double cosine(LabelledFeatures a, int rowOfA, LabelledFeatures b, int rowOfB) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int j = 0; j < a.width(); j++) {
      double x = a.features()[rowOfA * a.width() + j];
      double y = b.features()[rowOfB * b.width() + j];
      product += x * y;
      squaresOfA += x * x;
      squaresOfB += y * y;
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }
}
