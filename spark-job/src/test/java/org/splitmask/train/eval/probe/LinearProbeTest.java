/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.splitmask.train.eval.probe.Rows.row;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
  @Test
  void separableClassesAreToldApart() {
    ProbeScore score = LinearProbe.score(Rows.clouds(120, 60, 12, 4, 0.2));

    assertThat(score.accuracy()).isEqualTo(1.0);
    assertThat(score.l2()).as("of equals the strongest").hasValue(LinearProbe.STRENGTHS.get(0));
  }

  @Test
  void aDifficultProblemIsScoredTheSameEveryTime() {
    ProbeScore score = LinearProbe.score(Rows.clouds(150, 200, 10, 5, 1.5));

    assertThat(score.accuracy()).isBetween(0.4, 0.95);
    assertThat(LinearProbe.score(Rows.clouds(150, 200, 10, 5, 1.5))).isEqualTo(score);
  }

  @Test
  void aClassWithOneTrainingImageIsNoObstacle() {
    List<FeatureRow> train =
        List.of(row("1", "a", 1f), row("2", "a", 1.1f), row("3", "a", 1.2f), row("4", "b", 9f));
    List<FeatureRow> test = List.of(row("5", "a", 1f), row("6", "b", 9f));

    assertThat(LinearProbe.score(LabelledSplits.of(train, test)).images()).isEqualTo(2);
  }

  @Test
  void constantFeaturesBecomeZero() {
    LabelledFeatures train = new LabelledFeatures(new float[] {1, 0.1f, 3, 0.1f}, 2, new int[2]);
    LabelledFeatures test = new LabelledFeatures(new float[] {2, 99f}, 2, new int[1]);
    Standardisation standardisation = Standardisation.of(train);

    assertThat(standardisation.apply(train, new int[] {0, 1}))
        .containsExactly(new double[] {-1, 0, 1, 1, 0, 1}, within(1e-12));
    assertThat(standardisation.apply(test, new int[] {0})).containsExactly(0, 0, 1);
  }

  @Test
  void foldsAreStratifiedAndTouchEveryRowOnce() {
    int[] labels = new int[103];
    Arrays.setAll(labels, i -> i % 3 == 0 ? 0 : 1);

    StratifiedFolds folds = StratifiedFolds.of(labels, 5);

    assertThat(folds.count()).isEqualTo(5);
    for (int fold = 0; fold < 5; fold++) {
      int[] inside = StratifiedFolds.take(labels, folds.inside(fold));
      assertThat(Arrays.stream(inside).filter(label -> label == 0).count()).isBetween(7L, 7L);
      assertThat(inside.length + folds.outside(fold).length).isEqualTo(103);
    }
    assertThat(StratifiedFolds.of(new int[] {0, 1}, 5).count()).isEqualTo(2);
  }
}
