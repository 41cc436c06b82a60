/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

/**
 * Element-wise functions and reductions over float arrays, written so that C2 turns the loops into
 * vector instructions: branch-free polynomials instead of calls, several accumulators in sums.
 */
final class FloatMath {
  /** Below this, exp is under the rounding of anything that it is added to here. */
  private static final float SMALLEST_EXPONENT = -64f;

  private static final float SQRT_HALF = 0.70710678f;
  private static final float INVERSE_SQRT_TWO_PI = 0.39894228f;

  private FloatMath() {}

  /**
   * exp(x) for x ≤ 0 with a relative error under 3e-6: exp(x/32) by its Taylor polynomial, squared
   * five times. No branch and no bit tricks, hence vectorised.
   */
  private static float expOfNegative(float x) {
    float r = Math.max(x, SMALLEST_EXPONENT) * (1f / 32f);
    // |r| ≤ 2; degree 11 leaves 2^12/12! = 8.6e-6 relative to 1 at the far end, where exp(x) =
    // 1e-28.
    float p = 2.5052108e-8f;
    p = Math.fma(p, r, 2.7557319e-7f);
    p = Math.fma(p, r, 2.7557319e-6f);
    p = Math.fma(p, r, 2.4801587e-5f);
    p = Math.fma(p, r, 1.9841270e-4f);
    p = Math.fma(p, r, 1.3888889e-3f);
    p = Math.fma(p, r, 8.3333333e-3f);
    p = Math.fma(p, r, 4.1666668e-2f);
    p = Math.fma(p, r, 1.6666667e-1f);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    p = p * p;
    p = p * p;
    p = p * p;
    p = p * p;
    return p * p;
  }

  /** values[i] = exp(values[i] − shift), for shift no smaller than any value. */
  static void expInPlace(float[] values, int from, int to, float shift) {
    for (int i = from; i < to; i++) {
      values[i] = expOfNegative(values[i] - shift);
    }
  }

  /**
   * The standard normal's distribution function from exp(−x²/2): Abramowitz and Stegun 7.1.26,
   * absolute error of erf under 1.5e-7.
   */
  private static float cumulative(float x, float exponential) {
    float z = Math.abs(x) * SQRT_HALF;
    float t = 1f / Math.fma(0.3275911f, z, 1f);
    float p = 1.061405429f;
    p = Math.fma(p, t, -1.453152027f);
    p = Math.fma(p, t, 1.421413741f);
    p = Math.fma(p, t, -0.284496736f);
    p = Math.fma(p, t, 0.254829592f);
    float erf = 1f - p * t * exponential;
    // The sign of x without a branch: |x| + tiny keeps 0/0 away.
    float sign = x / (Math.abs(x) + 1e-30f);
    return 0.5f + 0.5f * erf * sign;
  }

  /** out[i] = x·Φ(x). */
  static void gelu(float[] x, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      float v = x[i];
      out[i] = v * cumulative(v, expOfNegative(-0.5f * v * v));
    }
  }

  /**
   * out[i] = dy[i]·(Φ(x) + x·φ(x)). In two loops: as one, its body is too long for C2 to unroll,
   * and what is not unrolled is not vectorised.
   */
  static void geluGradient(float[] x, float[] dy, float[] out, int length) {
    for (int i = 0; i < length; i++) {
      float v = x[i];
      out[i] = expOfNegative(-0.5f * v * v);
    }
    for (int i = 0; i < length; i++) {
      float v = x[i];
      float exponential = out[i];
      out[i] = dy[i] * (cumulative(v, exponential) + v * INVERSE_SQRT_TWO_PI * exponential);
    }
  }

  /** The sum in eight interleaved partial sums (one would wait for each addition's latency). */
  static float sum(float[] a, int from, int to) {
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

  /** Σ a[i]·b[i] over a[aFrom, aFrom + length) and b[bFrom, bFrom + length). */
  static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      s0 = Math.fma(a[aFrom + i], b[bFrom + i], s0);
      s1 = Math.fma(a[aFrom + i + 1], b[bFrom + i + 1], s1);
      s2 = Math.fma(a[aFrom + i + 2], b[bFrom + i + 2], s2);
      s3 = Math.fma(a[aFrom + i + 3], b[bFrom + i + 3], s3);
      s4 = Math.fma(a[aFrom + i + 4], b[bFrom + i + 4], s4);
      s5 = Math.fma(a[aFrom + i + 5], b[bFrom + i + 5], s5);
      s6 = Math.fma(a[aFrom + i + 6], b[bFrom + i + 6], s6);
      s7 = Math.fma(a[aFrom + i + 7], b[bFrom + i + 7], s7);
    }
    for (; i < length; i++) {
      s0 += a[aFrom + i] * b[bFrom + i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  static float max(float[] a, int from, int to) {
    float m0 = a[from];
    float m1 = m0;
    float m2 = m0;
    float m3 = m0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      m0 = Math.max(m0, a[i]);
      m1 = Math.max(m1, a[i + 1]);
      m2 = Math.max(m2, a[i + 2]);
      m3 = Math.max(m3, a[i + 3]);
    }
    for (; i < to; i++) {
      m0 = Math.max(m0, a[i]);
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }
}
