/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

/** Argmax, the same everywhere: of equal values the first counts. */
final class Largest {
  private Largest() {}

  /** The index, counted from {@code from}, of the largest of {@code count} values. */
  static int index(double[] values, int from, int count) {
    int largest = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
