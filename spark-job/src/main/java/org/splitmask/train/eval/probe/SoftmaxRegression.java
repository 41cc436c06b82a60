/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

/**
 * Multinomial logistic regression with an L2 penalty: the parameters W [D, C] minimise
 *
 * <pre>mean over rows of -log softmax(x·W)[label]  +  l2 / 2 · |W without its last row|²</pre>
 *
 * <p>The inputs' last column is all ones, so that the last row of W are the intercepts. That is the
 * objective of Spark MLlib's LogisticRegression with family multinomial and its own standardisation
 * off.
 */
final class SoftmaxRegression {
  private SoftmaxRegression() {}

  /**
   * Fits.
   *
   * @param start [D, C] row-major; the result does not depend on it but for rounding
   * @return [D, C] row-major
   */
  static double[] fit(DesignMatrix inputs, int[] labels, double l2, double[] start) {
    return Lbfgs.minimise(parameters -> loss(inputs, labels, l2, parameters), start);
  }

  /** The penalised loss and its gradient. */
  static Lbfgs.Valued loss(DesignMatrix inputs, int[] labels, double l2, double[] parameters) {
    double[] scores = inputs.scores(parameters);
    int classes = scores.length / inputs.rows();
    double loss = 0;
    for (int row = 0; row < labels.length; row++) {
      loss += residual(scores, row * classes, classes, labels[row], inputs.rows());
    }
    double[] gradient = inputs.correlate(scores);
    double squares = 0;
    for (int i = 0; i < parameters.length - classes; i++) {
      squares += parameters[i] * parameters[i];
      gradient[i] += l2 * parameters[i];
    }
    return new Lbfgs.Valued(loss + l2 / 2 * squares, gradient);
  }

  /** The most probable class of every row, [N]. */
  static int[] predict(DesignMatrix inputs, double[] parameters) {
    double[] scores = inputs.scores(parameters);
    int classes = scores.length / inputs.rows();
    int[] predicted = new int[inputs.rows()];
    for (int row = 0; row < predicted.length; row++) {
      predicted[row] = Largest.index(scores, row * classes, classes);
    }
    return predicted;
  }

  /** Replaces a row of scores by (softmax - one-hot)/N and returns -log softmax[label]/N. */
  private static double residual(double[] scores, int from, int classes, int label, int rows) {
    double highest = scores[from + Largest.index(scores, from, classes)];
    double margin = scores[from + label] - highest;
    double sum = 0;
    for (int i = from; i < from + classes; i++) {
      scores[i] = Math.exp(scores[i] - highest);
      sum += scores[i];
    }
    for (int i = from; i < from + classes; i++) {
      scores[i] /= sum * rows;
    }
    scores[from + label] -= 1.0 / rows;
    return (Math.log(sum) - margin) / rows;
  }
}
