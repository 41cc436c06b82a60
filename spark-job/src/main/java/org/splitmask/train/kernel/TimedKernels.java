/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernels that say how long they took. */
record TimedKernels(Kernels kernels, KernelTimes times) implements Kernels {
  @Override
  public void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y) {
    times.time(
        "linear " + shape(x, weight) + " forward",
        () -> kernels.linear(x, weight, bias, residual, y));
  }

  @Override
  public void linearGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y) {
    times.time(
        "linear " + shape(x, weight) + " and GELU forward",
        () -> kernels.linearGelu(x, weight, bias, hidden, y));
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
    times.time(
        (hidden == null ? "linear " : "GELU and linear ") + shape(x, weight) + " backward",
        () -> kernels.linearBackward(x, hidden, weight, dy, dx, dWeight, dBias));
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
    times.time(
        "layer norm forward", () -> kernels.layerNorm(x, gamma, beta, epsilon, y, mean, variance));
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
    times.time(
        "layer norm backward",
        () ->
            kernels.layerNormBackward(
                x, dy, gamma, mean, variance, epsilon, residual, dx, dGamma, dBeta));
  }

  @Override
  public void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    times.time("attention forward", () -> kernels.attention(qkv, shape, probabilities, out));
  }

  @Override
  public void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    times.time(
        "attention backward",
        () -> kernels.attentionBackward(qkv, shape, probabilities, dOut, dQkv));
  }

  @Override
  public double softmaxCrossEntropy(INDArray logits, int[] targets, double scale) {
    double[] loss = new double[1];
    times.time(
        "cross-entropy", () -> loss[0] = kernels.softmaxCrossEntropy(logits, targets, scale));
    return loss[0];
  }

  @Override
  public void tokenSums(INDArray tokens, INDArray sums) {
    times.time("moving tokens", () -> kernels.tokenSums(tokens, sums));
  }

  @Override
  public void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    times.time("moving tokens", () -> kernels.copyRows(source, sourceRows, into, intoRows));
  }

  @Override
  public void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    times.time("moving tokens", () -> kernels.addRows(source, sourceRows, into, intoRows));
  }

  /** Rows, inputs and outputs. */
  private static String shape(INDArray x, INDArray weight) {
    return x.size(0) + "×" + weight.size(1) + "→" + weight.size(0);
  }
}
