/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bulk copies between Java arrays and contiguous arrays in native memory, of float32 where nothing
 * else is said; and how much memory there is in use.
 */
public final class NativeMemory {
  private NativeMemory() {}

  /** Resident memory of this process in bytes, Java's heap and all, as the system counts it. */
  public static long ofProcess() {
    return Pointer.physicalBytes();
  }

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

  /** Reads as many values as the Java array holds from a place of an array of whole numbers. */
  public static void copy(INDArray from, int at, int[] values) {
    Blas.integers(from).get(at, values);
  }

  /** Writes all values at a place of an array of whole numbers. */
  public static void copy(int[] values, INDArray into, int at) {
    Blas.integers(into).put(at, values);
  }

  /** Reads as many values as the Java array holds from a place of a float32 or double array. */
  public static void copy(INDArray from, int at, double[] values) {
    if (from.dataType() == DataType.DOUBLE) {
      Blas.doubles(from).get(at, values);
      return;
    }
    FloatBuffer buffer = Blas.buffer(from);
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.get(at + i);
    }
  }

  /** Writes all values at a place of a float32 or double array. */
  public static void copy(double[] values, INDArray into, int at) {
    if (into.dataType() == DataType.DOUBLE) {
      Blas.doubles(into).put(at, values);
      return;
    }
    FloatBuffer buffer = Blas.buffer(into);
    for (int i = 0; i < values.length; i++) {
      buffer.put(at + i, (float) values[i]);
    }
  }

  /** All values, row-major. */
  public static float[] toArray(INDArray array) {
    float[] values = new float[Blas.countable(array)];
    copy(array, values);
    return values;
  }
}
