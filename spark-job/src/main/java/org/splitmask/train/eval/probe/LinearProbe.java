/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The linear probe: multinomial logistic regression on standardised features. The strength of its
 * L2 penalty is that with the most hits in a stratified cross-validation within the train split,
 * the strongest of several; then it is fitted to all of train. The test split is only scored.
 */
public final class LinearProbe {
  /** From strong to weak: each fit starts from the one before, close to its own optimum. */
  public static final List<Double> STRENGTHS =
      List.of(
          10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 3e-5, 1e-5, 3e-6,
          1e-6);

  private static final int FOLDS = 5;

  private LinearProbe() {}

  static ProbeScore score(LabelledSplits splits) {
    LabelledFeatures train = splits.train();
    long product = (long) train.features().length * splits.classes().size();
    try (FewThreads threads = FewThreads.forProductsOf(product)) {
      Standardisation standardisation = Standardisation.of(train);
      double l2 = choose(standardisation, train, splits.classes().size());
      return score(splits, standardisation, l2);
    }
  }

  private static ProbeScore score(
      LabelledSplits splits, Standardisation standardisation, double l2) {
    int classes = splits.classes().size();
    LabelledFeatures train = splits.train();
    LabelledFeatures test = splits.test();
    double[] parameters;
    try (DesignMatrix inputs = inputs(standardisation, train, allRows(train), classes)) {
      double[] zero = new double[(train.width() + 1) * classes];
      parameters = SoftmaxRegression.fit(inputs, train.labels(), l2, zero);
    }
    try (DesignMatrix inputs = inputs(standardisation, test, allRows(test), classes)) {
      int[] predicted = SoftmaxRegression.predict(inputs, parameters);
      return ProbeScore.of(predicted, test.labels(), OptionalDouble.of(l2));
    }
  }

  /** The strength with the most hits on held-out folds; of equals the strongest. */
  private static double choose(
      Standardisation standardisation, LabelledFeatures train, int classes) {
    StratifiedFolds folds = StratifiedFolds.of(train.labels(), FOLDS);
    int[] hits = new int[STRENGTHS.size()];
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] outside = folds.outside(fold);
      int[] inside = folds.inside(fold);
      try (DesignMatrix fitted = inputs(standardisation, train, outside, classes);
          DesignMatrix heldOut = inputs(standardisation, train, inside, classes)) {
        int[] fittedLabels = StratifiedFolds.take(train.labels(), outside);
        int[] heldOutLabels = StratifiedFolds.take(train.labels(), inside);
        double[] parameters = new double[(train.width() + 1) * classes];
        for (int i = 0; i < hits.length; i++) {
          parameters = SoftmaxRegression.fit(fitted, fittedLabels, STRENGTHS.get(i), parameters);
          hits[i] += hits(SoftmaxRegression.predict(heldOut, parameters), heldOutLabels);
        }
      }
    }
    return STRENGTHS.get(firstLargest(hits));
  }

  private static int firstLargest(int[] hits) {
    return Largest.index(Arrays.stream(hits).asDoubleStream().toArray(), 0, hits.length);
  }

  private static int hits(int[] predicted, int[] labels) {
    return ProbeScore.of(predicted, labels, OptionalDouble.empty()).correct();
  }

  private static DesignMatrix inputs(
      Standardisation standardisation, LabelledFeatures features, int[] rows, int classes) {
    return new DesignMatrix(standardisation.apply(features, rows), rows.length, classes);
  }

  private static int[] allRows(LabelledFeatures features) {
    return IntStream.range(0, features.rows()).toArray();
  }
}
