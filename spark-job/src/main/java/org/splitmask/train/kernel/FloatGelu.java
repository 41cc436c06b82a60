/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;

/** GELU on ranges of native float32 memory, a block of the nearest cache's size at a time. */
final class FloatGelu {
  private FloatGelu() {}

  /** out = in·Φ(in) on [from, to). */
  static void forward(FloatBuffer in, FloatBuffer out, int from, int to) {
    float[] values = FloatKernels.scratch(0, FloatKernels.BLOCK);
    for (int at = from; at < to; at += FloatKernels.BLOCK) {
      int count = Math.min(FloatKernels.BLOCK, to - at);
      in.get(at, values, 0, count);
      FloatMath.gelu(values, count);
      out.put(at, values, 0, count);
    }
  }

  /** out = gradient·GELU'(in) on [from, to); out may be gradient. */
  static void backward(FloatBuffer in, FloatBuffer gradient, FloatBuffer out, int from, int to) {
    float[] values = FloatKernels.scratch(0, FloatKernels.BLOCK);
    float[] upstream = FloatKernels.scratch(1, FloatKernels.BLOCK);
    for (int at = from; at < to; at += FloatKernels.BLOCK) {
      int count = Math.min(FloatKernels.BLOCK, to - at);
      in.get(at, values, 0, count);
      gradient.get(at, upstream, 0, count);
      FloatMath.geluGradient(values, upstream, count);
      out.put(at, upstream, 0, count);
    }
  }
}
