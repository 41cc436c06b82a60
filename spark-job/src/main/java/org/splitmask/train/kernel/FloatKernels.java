/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.RowKernels.Normalisation;

/**
 * The kernels for float32 on CPUs. Products run on the BLAS without copies or transpositions; the
 * rest streams blocks of rows, small enough for the nearest cache, through Java arrays, where C2
 * vectorises the loops; on stock operations these parts take longer than the products
 * (docs/adr/0006). Stateless but for scratch arrays of the threads.
 */
final class FloatKernels implements Kernels {
  static final FloatKernels INSTANCE = new FloatKernels();

  private FloatKernels() {}

  @Override
  public void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y) {
    FloatLinear.forward(x, weight, bias, residual, y);
  }

  @Override
  public void linearGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y) {
    FloatLinear.forwardGelu(x, weight, bias, hidden, y);
  }

  @Override
  public void linearBackward(
      INDArray x,
      @Nullable INDArray hidden,
      INDArray weight,
      INDArray dy,
      @Nullable INDArray dx,
      INDArray dWeight,
      INDArray dBias) {
    FloatLinear.backward(x, hidden, weight, dy, dx, dWeight, dBias);
  }

  @Override
  public void layerNorm(
      INDArray x,
      INDArray gamma,
      INDArray beta,
      double epsilon,
      INDArray y,
      INDArray mean,
      INDArray variance) {
    FloatLayerNorm.forward(new Normalisation(x, gamma, mean, variance, epsilon), beta, y);
  }

  @Override
  public void layerNormBackward(
      INDArray x,
      INDArray dy,
      INDArray gamma,
      INDArray mean,
      INDArray variance,
      double epsilon,
      @Nullable INDArray residual,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta) {
    Normalisation norm = new Normalisation(x, gamma, mean, variance, epsilon);
    FloatLayerNorm.backward(norm, dy, residual, dx, dGamma, dBeta);
  }

  @Override
  public void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    FloatAttention.forward(qkv, shape, probabilities, out);
  }

  @Override
  public void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    FloatAttention.backward(qkv, shape, probabilities, dOut, dQkv);
  }

  @Override
  public double softmaxCrossEntropy(INDArray logits, int[] targets, double scale) {
    return FloatSoftmax.crossEntropy(logits, targets, scale);
  }

  @Override
  public void tokenSums(INDArray tokens, INDArray sums) {
    FloatRows.sums(tokens, sums);
  }

  @Override
  public void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    FloatRows.copy(source, sourceRows, into, intoRows);
  }

  @Override
  public void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    FloatRows.add(source, sourceRows, into, intoRows);
  }
}
