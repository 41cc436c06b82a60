/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Bulk copies between Java arrays and contiguous float32 arrays in native memory. */
public final class NativeMemory {
  private NativeMemory() {}

  /** Writes all values into an array of at least that length. */
  public static void copy(float[] values, INDArray into) {
    Blas.buffer(into).put(0, values);
  }

  /** Reads as many values as the Java array holds. */
  public static void copy(INDArray from, float[] values) {
    Blas.buffer(from).get(0, values);
  }

  /** Writes some values at a place of an array. */
  public static void copy(float[] values, int from, INDArray into, int at, int count) {
    Blas.buffer(into).put(at, values, from, count);
  }

  /** Reads some values from a place of an array. */
  public static void copy(INDArray from, int at, float[] values, int into, int count) {
    Blas.buffer(from).get(at, values, into, count);
  }

  /** All values, row-major. */
  public static float[] toArray(INDArray array) {
    float[] values = new float[(int) array.length()];
    copy(array, values);
    return values;
  }
}
