/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import org.splitmask.common.resample.BicubicWeights;

/**
 * One direction of a resize: output rows are weighted sums of input rows. Only the input rows that
 * the next output needs are held, as one int for each byte.
 */
final class ResizePass {
  private static final int BYTES = Integer.BYTES;
  private static final int TERMS = 4;

  private int[] first = new int[0];
  private int[][] weights = new int[0][];
  private int most;

  private int[][] window = new int[0][0];
  private int[] plane = new int[0];
  private int packedLength;
  private int rowsRead;

  /** Prepares for pictures that are resized with these weights. */
  void use(BicubicWeights bicubic) {
    first = bicubic.first();
    weights = new int[bicubic.size()][];
    most = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = fixedPoint(bicubic.values()[i]);
      most = Math.max(most, weights[i].length);
    }
  }

  /**
   * Begins a picture.
   *
   * @param length ints of a packed row
   */
  void begin(int length) {
    packedLength = length;
    rowsRead = 0;
    if (window.length < most || window[0].length < BYTES * length) {
      window = new int[most][BYTES * length];
      plane = new int[length];
    }
  }

  /**
   * The next output row.
   *
   * @param output counts up from 0
   * @param levels receives at k·length + i what became of byte k of the packed int i, 0 to 255
   */
  void resize(int output, PackedRows input, int inputRows, int[] levels) {
    int[] terms = weights[output];
    int from = first[output];
    // The last terms may be padding, beyond the picture's end.
    while (rowsRead < Math.min(from + terms.length, inputRows)) {
      unpack(input.row(rowsRead), window[rowsRead % window.length]);
      rowsRead++;
    }
    int length = BYTES * packedLength;
    VectorLoops.begin(at(from), at(from + 1), at(from + 2), at(from + 3), terms, levels, length);
    for (int i = TERMS; i < terms.length; i += TERMS) {
      int row = from + i;
      VectorLoops.add(at(row), at(row + 1), at(row + 2), at(row + 3), terms, i, levels, length);
    }
    VectorLoops.toLevels(levels, length);
  }

  private int[] at(int row) {
    return window[row % window.length];
  }

  private void unpack(int[] packed, int[] bytes) {
    for (int k = 0; k < BYTES; k++) {
      VectorLoops.unpack(packed, Byte.SIZE * k, plane, packedLength);
      System.arraycopy(plane, 0, bytes, k * packedLength, packedLength);
    }
  }

  /** As whole numbers, with zeros behind them up to a multiple of four. */
  private static int[] fixedPoint(double[] values) {
    int[] fixed = new int[(values.length + TERMS - 1) / TERMS * TERMS];
    for (int i = 0; i < values.length; i++) {
      fixed[i] = (int) Math.round(values[i] * (1 << VectorLoops.FRACTION_BITS));
    }
    return fixed;
  }
}
