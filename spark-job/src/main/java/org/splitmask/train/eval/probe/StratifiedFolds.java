/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.splitmask.train.random.Seeds;

/**
 * Parts of the training rows in which every class is as frequent as in the whole, to within one
 * row. Drawn by a hash of the row's number: the same for every kind of feature and every run on the
 * same images.
 *
 * @param folds [N] the fold that a row belongs to
 * @param count how many folds there are
 */
@SuppressWarnings("ArrayRecordComponent")
record StratifiedFolds(int[] folds, int count) {
  private static final long SEED = Seeds.hash("cross-validation");

  /** Deals the rows, class after class, to the folds in turn; no more folds than rows. */
  static StratifiedFolds of(int[] labels, int most) {
    int count = Math.min(most, labels.length);
    int[] rows =
        IntStream.range(0, labels.length)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer row) -> labels[row])
                    .thenComparingLong(row -> Seeds.of(SEED, row)))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] folds = new int[labels.length];
    for (int i = 0; i < rows.length; i++) {
      folds[rows[i]] = i % count;
    }
    return new StratifiedFolds(folds, count);
  }

  /** The rows of a fold, ascending. */
  int[] inside(int fold) {
    return IntStream.range(0, folds.length).filter(row -> folds[row] == fold).toArray();
  }

  /** All other rows, ascending. */
  int[] outside(int fold) {
    return IntStream.range(0, folds.length).filter(row -> folds[row] != fold).toArray();
  }

  /** The values of some rows. */
  static int[] take(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }
}
