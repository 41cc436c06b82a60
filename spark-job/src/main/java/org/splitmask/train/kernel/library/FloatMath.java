/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

/**
 * Element-wise functions and reductions over float arrays, written so that C2 turns the loops into
 * vector instructions: no branches or calls, polynomials without divisions (one takes as long as
 * twenty products), one index for all arrays of a loop, and long loops: C2 runs up to fifteen
 * elements before and after its vectors one by one. Reductions keep several partial sums, as one
 * would wait for each addition.
 */
public final class FloatMath {
  /** e to this is under the rounding of all sums that it enters here, of up to 2^20 terms. */
  private static final float SMALLEST_EXPONENT = -32f;

  /** Beyond this, the normal distribution's tail is 2e-8, and GELU a straight line. */
  private static final float TAIL = 5.5f;

  private FloatMath() {}

  /**
   * values[i] = exp(values[i] − shift) on [from, to), for a shift no smaller than any value; with
   * an absolute error under 5e-7, a relative one under 3e-6 down to e^-8, and exactly 1 at the
   * shift: r = x/8 in [-4, 0], e^r as 1 + r times the Chebyshev interpolation of (e^r − 1)/r of
   * degree 9, squared three times.
   */
  public static void exp(float[] values, int from, int to, float shift) {
    for (int i = from; i < to; i++) {
      float r = Math.max(values[i] - shift, SMALLEST_EXPONENT) * 0.125f;
      float p = 4.92351973e-08f;
      p = Math.fma(p, r, 1.39229894e-06f);
      p = Math.fma(p, r, 1.94553959e-05f);
      p = Math.fma(p, r, 1.84794320e-04f);
      p = Math.fma(p, r, 1.36660435e-03f);
      p = Math.fma(p, r, 8.31065886e-03f);
      p = Math.fma(p, r, 4.16532457e-02f);
      p = Math.fma(p, r, 1.66662604e-01f);
      p = Math.fma(p, r, 4.99999523e-01f);
      p = Math.fma(p, r, 1f);
      p = Math.fma(p, r, 1f);
      p = p * p;
      p = p * p;
      values[i] = p * p;
    }
  }

  /** values[i] = x·Φ(x) = max(x, 0) − |x|·Φ(−|x|) with an absolute error under 3e-7. */
  static void gelu(float[] values, int length) {
    for (int i = 0; i < length; i++) {
      float x = values[i];
      float size = Math.abs(x);
      values[i] = Math.fma(0.5f, x + size, -tail(Math.fma(Math.min(size, TAIL), 2 / TAIL, -1f)));
    }
  }

  /** values[i] = Φ(x) + x·φ(x), GELU's derivative, with an absolute error under 1e-6. */
  static void geluSlope(float[] values, int length) {
    for (int i = 0; i < length; i++) {
      float x = Math.max(-TAIL, Math.min(values[i], TAIL));
      values[i] = Math.fma(x, slope(Math.fma(Math.abs(x), 2 / TAIL, -1f)), 0.5f);
    }
  }

  /**
   * z·Φ(−z) for z = (t + 1)·TAIL/2: the Chebyshev interpolation of degree 18 over t in [-1, 1], as
   * a polynomial.
   */
  private static float tail(float t) {
    float p = 0.0029608479f;
    p = Math.fma(p, t, 0.0074922759f);
    p = Math.fma(p, t, -0.029020736f);
    p = Math.fma(p, t, -0.032364219f);
    p = Math.fma(p, t, 0.12390652f);
    p = Math.fma(p, t, 0.018263396f);
    p = Math.fma(p, t, -0.28216594f);
    p = Math.fma(p, t, 0.18065855f);
    p = Math.fma(p, t, 0.28709772f);
    p = Math.fma(p, t, -0.51791203f);
    p = Math.fma(p, t, 0.14623129f);
    p = Math.fma(p, t, 0.45148802f);
    p = Math.fma(p, t, -0.627321f);
    p = Math.fma(p, t, 0.26172429f);
    p = Math.fma(p, t, 0.17885f);
    p = Math.fma(p, t, -0.30877417f);
    p = Math.fma(p, t, 0.19126703f);
    p = Math.fma(p, t, -0.060576037f);
    p = Math.fma(p, t, 0.0081943478f);
    return p;
  }

  /** (Φ(z) − 0.5)/z + φ(z) for z = (t + 1)·TAIL/2, interpolated likewise. */
  private static float slope(float t) {
    float p = 0.0029039555f;
    p = Math.fma(p, t, 0.0075239064f);
    p = Math.fma(p, t, -0.028618477f);
    p = Math.fma(p, t, -0.032795489f);
    p = Math.fma(p, t, 0.12279621f);
    p = Math.fma(p, t, 0.020556547f);
    p = Math.fma(p, t, -0.28177455f);
    p = Math.fma(p, t, 0.17480276f);
    p = Math.fma(p, t, 0.29398632f);
    p = Math.fma(p, t, -0.51485539f);
    p = Math.fma(p, t, 0.12680894f);
    p = Math.fma(p, t, 0.47595307f);
    p = Math.fma(p, t, -0.62866986f);
    p = Math.fma(p, t, 0.21323031f);
    p = Math.fma(p, t, 0.28422809f);
    p = Math.fma(p, t, -0.45749196f);
    p = Math.fma(p, t, 0.36290809f);
    p = Math.fma(p, t, -0.24041146f);
    p = Math.fma(p, t, 0.18982819f);
    return p;
  }

  /** sums[i] += values[i] for i < length. */
  public static void add(float[] sums, float[] values, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] += values[i];
    }
  }

  /** sums[i] += a[i]·b[i] for i < length. */
  static void addProducts(float[] sums, float[] a, float[] b, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] = Math.fma(a[i], b[i], sums[i]);
    }
  }

  /** values[i] ·= factors[i] for i < length. */
  static void multiply(float[] values, float[] factors, int length) {
    for (int i = 0; i < length; i++) {
      values[i] *= factors[i];
    }
  }

  /** values[i] = values[i]·factors[i] + summands[i] for i < length. */
  static void multiplyAndAdd(float[] values, float[] factors, float[] summands, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = Math.fma(values[i], factors[i], summands[i]);
    }
  }

  /** values[i] ·= factor on [from, to). */
  public static void scale(float[] values, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      values[i] *= factor;
    }
  }

  /** values[i] = (values[i] − shift)·factor on [from, to). */
  static void shiftAndScale(float[] values, int from, int to, float shift, float factor) {
    for (int i = from; i < to; i++) {
      values[i] = (values[i] - shift) * factor;
    }
  }

  /** values[i] = weights[i]·(values[i] − centre) on [from, to). */
  public static void centreAndWeigh(
      float[] values, float[] weights, int from, int to, float centre) {
    for (int i = from; i < to; i++) {
      values[i] = weights[i] * (values[i] - centre);
    }
  }

  /** values[i] = (values[i] − shift − directions[i]·amount)·factor on [from, to). */
  static void project(
      float[] values,
      float[] directions,
      int from,
      int to,
      float shift,
      float amount,
      float factor) {
    for (int i = from; i < to; i++) {
      values[i] = (values[i] - shift - directions[i] * amount) * factor;
    }
  }

  /** Σ a[i] over [from, to). */
  public static float sum(float[] a, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
      s4 += a[i + 4];
      s5 += a[i + 5];
      s6 += a[i + 6];
      s7 += a[i + 7];
    }
    for (; i < to; i++) {
      s0 += a[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** Σ (a[i] − centre)² over [from, to). */
  static float squaredDistance(float[] a, int from, int to, float centre) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      float d0 = a[i] - centre;
      float d1 = a[i + 1] - centre;
      float d2 = a[i + 2] - centre;
      float d3 = a[i + 3] - centre;
      s0 = Math.fma(d0, d0, s0);
      s1 = Math.fma(d1, d1, s1);
      s2 = Math.fma(d2, d2, s2);
      s3 = Math.fma(d3, d3, s3);
    }
    for (; i < to; i++) {
      float d = a[i] - centre;
      s0 = Math.fma(d, d, s0);
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** Σ a[i]·b[i] over [from, to). */
  public static float dot(float[] a, float[] b, int from, int to) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      s0 = Math.fma(a[i], b[i], s0);
      s1 = Math.fma(a[i + 1], b[i + 1], s1);
      s2 = Math.fma(a[i + 2], b[i + 2], s2);
      s3 = Math.fma(a[i + 3], b[i + 3], s3);
      s4 = Math.fma(a[i + 4], b[i + 4], s4);
      s5 = Math.fma(a[i + 5], b[i + 5], s5);
      s6 = Math.fma(a[i + 6], b[i + 6], s6);
      s7 = Math.fma(a[i + 7], b[i + 7], s7);
    }
    for (; i < to; i++) {
      s0 = Math.fma(a[i], b[i], s0);
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /**
   * The largest value of [from, to). By branches: over long ranges they are guessed well, and
   * Math.max costs more.
   */
  public static float max(float[] a, int from, int to) {
    float max = a[from];
    for (int i = from + 1; i < to; i++) {
      if (a[i] > max) {
        max = a[i];
      }
    }
    return max;
  }

  /** The sum of vectors of one length, in their order; the first is overwritten by it. */
  public static float[] total(float[][] parts) {
    for (int part = 1; part < parts.length; part++) {
      add(parts[0], parts[part], parts[0].length);
    }
    return parts[0];
  }
}
