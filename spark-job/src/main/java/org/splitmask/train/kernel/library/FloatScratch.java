/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Java arrays of each thread, into which blocks of rows are copied. */
public final class FloatScratch {
  /** Elements of a block: three blocks of 16 KB stay in a first-level cache of 48 KB. */
  public static final int BLOCK = 4096;

  private static final int ARRAYS = 6;

  private static final ThreadLocal<float[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[ARRAYS][BLOCK]);

  private FloatScratch() {}

  /** An array of the calling thread, at least as long as asked; the content is what was left. */
  public static float[] array(int which, int length) {
    float[][] arrays = SCRATCH.get();
    if (arrays[which].length < length) {
      arrays[which] = new float[length];
    }
    return arrays[which];
  }

  /** The vector so many times, one after the other, in an array of the calling thread. */
  public static float[] repeated(INDArray vector, int which, int times) {
    int width = (int) vector.length();
    float[] values = array(which, times * width);
    Blas.buffer(vector).get(0, values, 0, width);
    for (int i = 1; i < times; i++) {
      System.arraycopy(values, 0, values, i * width, width);
    }
    return values;
  }
}
