/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.kernel.library.NativeMemory;

/**
 * Weighted k-nearest-neighbour classification by cosine similarity (Wu et al., 1805.01978): the k
 * most similar training images vote, each with weight exp(similarity / 0.07). Of equally similar
 * images the earlier row is the nearer one; of classes with equal votes the lower index wins.
 */
final class NearestNeighbours {
  static final int NEIGHBOURS = 20;
  static final double TEMPERATURE = 0.07;

  /** Similarities held at once: 64 MB of them. */
  private static final int BLOCK_VALUES = 1 << 24;

  private static final int MOST_BLOCK_ROWS = 256;

  private NearestNeighbours() {}

  static ProbeScore score(LabelledSplits splits) {
    int[] predicted = predict(splits, NEIGHBOURS);
    return ProbeScore.of(predicted, splits.test().labels(), OptionalDouble.empty());
  }

  /**
   * The class of every test row.
   *
   * @param neighbours k; where there are fewer training rows, all of them vote
   * @return [N]
   */
  static int[] predict(LabelledSplits splits, int neighbours) {
    LabelledFeatures train = splits.train();
    LabelledFeatures test = splits.test();
    int blockRows = Math.max(1, Math.min(MOST_BLOCK_ROWS, BLOCK_VALUES / train.rows()));
    int[] predicted = new int[test.rows()];
    try (INDArray keys = unitRows(train, 0, train.rows())) {
      for (int from = 0; from < test.rows(); from += blockRows) {
        int to = Math.min(from + blockRows, test.rows());
        float[][] similarities = similarities(unitRows(test, from, to), keys);
        for (int row = from; row < to; row++) {
          float[] similarity = similarities[row - from];
          int[] nearest = nearest(similarity, Math.min(neighbours, train.rows()));
          predicted[row] = vote(similarity, nearest, train.labels(), splits.classes().size());
        }
      }
    }
    return predicted;
  }

  /**
   * The rows' directions, [D, to - from] in column-major order, which is what {@code gemm} takes
   * without a copy; a row of zeros stays one, similar to nothing.
   */
  private static INDArray unitRows(LabelledFeatures features, int from, int to) {
    int width = features.width();
    float[] rows = Arrays.copyOfRange(features.features(), from * width, to * width);
    for (int start = 0; start < rows.length; start += width) {
      double squares = 0;
      for (int i = start; i < start + width; i++) {
        squares += (double) rows[i] * rows[i];
      }
      double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (int i = start; i < start + width; i++) {
        rows[i] = (float) (rows[i] * scale);
      }
    }
    INDArray directions = matrix(width, to - from);
    NativeMemory.copy(rows, directions);
    return directions;
  }

  /** The cosines of some rows [D, Q] with all keys [D, N]: by row, [Q][N]. */
  private static float[][] similarities(INDArray queries, INDArray keys) {
    int rows = (int) queries.size(1);
    int columns = (int) keys.size(1);
    float[] products = new float[rows * columns];
    try (queries;
        INDArray product = matrix(rows, columns)) {
      Nd4j.gemm(queries, keys, product, true, false, 1, 0);
      NativeMemory.copy(product, products);
    }
    float[][] similarities = new float[rows][columns];
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        similarities[row][column] = products[column * rows + row];
      }
    }
    return similarities;
  }

  private static INDArray matrix(int height, int width) {
    return Nd4j.createUninitialized(DataType.FLOAT, new long[] {height, width}, 'f');
  }

  /** The indices of the k largest, the largest first. */
  private static int[] nearest(float[] similarity, int k) {
    int[] nearest = new int[k];
    int found = 0;
    for (int i = 0; i < similarity.length; i++) {
      if (found == k && similarity[i] <= similarity[nearest[k - 1]]) {
        continue;
      }
      int at = found < k ? found++ : k - 1;
      while (at > 0 && similarity[nearest[at - 1]] < similarity[i]) {
        nearest[at] = nearest[at - 1];
        at--;
      }
      nearest[at] = i;
    }
    return nearest;
  }

  private static int vote(float[] similarity, int[] nearest, int[] labels, int classes) {
    double[] votes = new double[classes];
    for (int neighbour : nearest) {
      votes[labels[neighbour]] += Math.exp(similarity[neighbour] / TEMPERATURE);
    }
    return Largest.index(votes, 0, classes);
  }
}
