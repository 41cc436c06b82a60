/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a vision transformer computes, forward and backward. Every array is contiguous and row-major
 * (order 'c'); outputs are written in place; gradients are assigned, not added. R is a number of
 * rows (tokens of all sequences).
 *
 * <p>{@link PortableKernels} says in stock ND4J operations what is meant; {@link FloatKernels} is
 * the fast version for float32 on CPUs and is tested against it.
 */
public interface Kernels {
  /** The kernels for a data type: float32 runs fast, double is for tests. */
  static Kernels of(DataType type) {
    return KernelTimes.watched(
        type == DataType.FLOAT ? FloatKernels.INSTANCE : PortableKernels.INSTANCE);
  }

  /**
   * y = x·Wᵀ + b + residual.
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
      INDArray y);

  /**
   * y = GELU(h) = h·Φ(h) for h = x·Wᵀ + b, the exact one (Hendrycks and Gimpel, 1606.08415).
   *
   * @param hidden h [R, out], kept for the backward pass
   * @param y [R, out]
   */
  void linearGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y);

  /**
   * dx = dy·W, dW = dyᵀ·x, db = column sums of dy.
   *
   * @param hidden h [R, in] where x is GELU(h): dx is then the gradient of h, that of x times
   *     GELU'(h) = Φ(h) + h·φ(h); null otherwise
   * @param dx [R, in], or null where nobody needs it
   */
  void linearBackward(
      INDArray x,
      @Nullable INDArray hidden,
      INDArray weight,
      INDArray dy,
      @Nullable INDArray dx,
      INDArray dWeight,
      INDArray dBias);

  /**
   * Layer normalisation over the last axis with biased variance: y = (x − mean)·(variance +
   * ε)^-0.5·γ + β.
   *
   * @param x [R, D]
   * @param y [R, D]
   * @param mean [R], kept for the backward pass
   * @param variance [R], kept as well
   */
  void layerNorm(
      INDArray x,
      INDArray gamma,
      INDArray beta,
      double epsilon,
      INDArray y,
      INDArray mean,
      INDArray variance);

  /**
   * The gradients of {@link #layerNorm}.
   *
   * @param residual [R, D] to be added to dx, or null for none
   * @param dx may be dy, but not the residual
   */
  void layerNormBackward(
      INDArray x,
      INDArray dy,
      INDArray gamma,
      INDArray mean,
      INDArray variance,
      double epsilon,
      @Nullable INDArray residual,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta);

  /**
   * softmax(q·kᵀ·scale)·v for each sequence and head (Vaswani et al., 1706.03762).
   *
   * @param qkv [B·T, 3·D]: queries, keys, values; heads contiguous inside each
   * @param probabilities [B·H·T, T], kept for the backward pass
   * @param out [B·T, D]
   */
  void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out);

  /**
   * The gradient of {@link #attention}.
   *
   * @param dOut [B·T, D]
   * @param dQkv [B·T, 3·D]
   */
  void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv);

  /**
   * Softmax cross-entropy, stable at any logits; the logits are overwritten by their gradient.
   *
   * @param logits [R, V]; afterwards scale·(softmax − one-hot)
   * @param targets [R], each in [0, V)
   * @param scale the factor on the gradient
   * @return the sum of the losses over the rows, without the factor
   */
  double softmaxCrossEntropy(INDArray logits, int[] targets, double scale);

  /**
   * into[intoRows[i]] = source[sourceRows[i]] for every i.
   *
   * @param source [R, D]
   * @param into [Q, D]
   */
  void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows);

  /**
   * The sum over the tokens of each sequence.
   *
   * @param tokens [B, T, D]
   * @param sums [B, D]
   */
  void tokenSums(INDArray tokens, INDArray sums);

  /** into[intoRows[i]] += source[sourceRows[i]] for every i, in that order. */
  void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows);
}
