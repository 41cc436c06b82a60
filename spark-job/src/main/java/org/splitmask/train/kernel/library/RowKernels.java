/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Linear maps, layer norm and GELU on some rows or elements of float32 arrays, on the calling
 * thread. No row or element depends on another.
 */
public interface RowKernels {
  /**
   * What a layer norm's forward pass leaves for its backward pass.
   *
   * @param x [R, D]
   * @param gamma γ [D]
   * @param mean of each row [R]
   * @param variance of each row, biased [R]
   * @param epsilon ε
   */
  record Normalisation(
      INDArray x, INDArray gamma, INDArray mean, INDArray variance, double epsilon) {
    public int width() {
      return (int) gamma.length();
    }
  }

  /**
   * y = x·Wᵀ + b + residual for the rows [from, to).
   *
   * @param x [R, in]
   * @param weight [out, in]
   * @param bias [out], or null for none
   * @param residual [R, out], or null for none
   * @param y [R, out]
   */
  void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y,
      int from,
      int to);

  /**
   * y = (x − mean)·(variance + ε)^-0.5·γ + β for the rows [from, to).
   *
   * @param norm whose mean and variance are written
   * @param beta β [D]
   * @param y [R, D]
   */
  void layerNorm(Normalisation norm, INDArray beta, INDArray y, int from, int to);

  /**
   * The gradients of {@link #layerNorm} for the rows [from, to).
   *
   * @param dy [R, D]
   * @param dx [R, D]; may be dy
   * @param dGamma the sum over these rows [D], written
   * @param dBeta likewise
   */
  void layerNormBackward(
      Normalisation norm,
      INDArray dy,
      INDArray dx,
      float[] dGamma,
      float[] dBeta,
      int from,
      int to);

  /** y = h·Φ(h) for the elements [from, to). */
  void gelu(INDArray hidden, INDArray y, long from, long to);

  /** gradient ·= Φ(h) + h·φ(h) for the elements [from, to). */
  void geluBackward(INDArray hidden, INDArray gradient, long from, long to);
}
