/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.FloatMath;
import org.splitmask.train.kernel.library.FloatScratch;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.kernel.library.Parts;

/** Rows of tokens from one float32 matrix to another. */
final class FloatRows {
  private static final int ROWS = 1024;

  private FloatRows() {}

  static void copy(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    int width = (int) source.size(1);
    FloatBuffer from = Blas.buffer(source);
    FloatBuffer to = Blas.buffer(into);
    Parts.within(sourceRows.length, ROWS)
        .each(
            (first, end) -> {
              for (int i = first; i < end; i++) {
                to.put(intoRows[i] * width, from, sourceRows[i] * width, width);
              }
            });
  }

  static void sums(INDArray tokens, INDArray into) {
    int count = (int) tokens.size(1);
    int width = (int) tokens.size(2);
    FloatBuffer from = Blas.buffer(tokens);
    FloatBuffer to = Blas.buffer(into);
    KernelThreads.each(
        (int) tokens.size(0),
        sequence -> {
          float[] row = FloatScratch.array(0, width);
          float[] sum = FloatScratch.array(1, width);
          from.get(sequence * count * width, sum, 0, width);
          for (int token = 1; token < count; token++) {
            from.get((sequence * count + token) * width, row, 0, width);
            FloatMath.add(sum, row, width);
          }
          to.put(sequence * width, sum, 0, width);
        });
  }

  /** Threads share columns, not rows: a row may be added to more than once, and in order. */
  static void add(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    int width = (int) source.size(1);
    FloatBuffer from = Blas.buffer(source);
    FloatBuffer to = Blas.buffer(into);
    Parts.count(width, KernelThreads.available())
        .each(
            (first, end) -> {
              int count = end - first;
              float[] row = FloatScratch.array(0, count);
              float[] sum = FloatScratch.array(1, count);
              for (int i = 0; i < sourceRows.length; i++) {
                from.get(sourceRows[i] * width + first, row, 0, count);
                to.get(intoRows[i] * width + first, sum, 0, count);
                FloatMath.add(sum, row, count);
                to.put(intoRows[i] * width + first, sum, 0, count);
              }
            });
  }
}
