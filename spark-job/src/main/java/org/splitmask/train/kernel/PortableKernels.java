/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The kernels in stock ND4J operations: any floating type, any backend, and obvious rather than
 * fast. The reference that the fast kernels are held to.
 */
public final class PortableKernels implements Kernels {
  public static final PortableKernels INSTANCE = new PortableKernels();

  private PortableKernels() {}

  @Override
  public void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y) {
    INDArray product = x.mmul(weight.transpose());
    if (bias != null) {
      product.addiRowVector(bias);
    }
    y.assign(residual == null ? product : product.addi(residual));
  }

  @Override
  public void linearGelu(INDArray x, INDArray weight, INDArray bias, INDArray hidden, INDArray y) {
    linear(x, weight, bias, null, hidden);
    y.assign(cumulative(hidden).muli(hidden));
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
    dWeight.assign(dy.transpose().mmul(x));
    dBias.assign(dy.sum(0));
    if (dx != null) {
      INDArray gradient = dy.mmul(weight);
      dx.assign(hidden == null ? gradient : gradient.muli(slope(hidden)));
    }
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
    mean.assign(x.mean(1));
    INDArray centred = x.subColumnVector(mean);
    variance.assign(centred.mul(centred).mean(1));
    INDArray normalised = centred.diviColumnVector(deviation(variance, epsilon));
    y.assign(normalised.muliRowVector(gamma).addiRowVector(beta));
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
    INDArray normalised = x.subColumnVector(mean).diviColumnVector(deviation(variance, epsilon));
    dGamma.assign(dy.mul(normalised).sum(0));
    dBeta.assign(dy.sum(0));
    INDArray g = dy.mulRowVector(gamma);
    INDArray correlation = g.mul(normalised).mean(1);
    INDArray gradient = g.subColumnVector(g.mean(1)).subi(normalised.mulColumnVector(correlation));
    gradient.diviColumnVector(deviation(variance, epsilon));
    dx.assign(residual == null ? gradient : gradient.addi(residual));
  }

  @Override
  public void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    INDArray scores = batched(query(qkv, shape), transposed(key(qkv, shape))).muli(shape.scale());
    probabilities.assign(softmaxRows(scores.reshape('c', probabilities.shape())));
    INDArray weights = probabilities.reshape('c', scores.shape());
    out.assign(joinHeads(batched(weights, value(qkv, shape)), shape));
  }

  @Override
  public void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    int tokens = shape.tokens();
    INDArray dResult = heads(dOut, shape, 0, 1);
    INDArray p = probabilities.reshape('c', dResult.size(0), tokens, tokens);
    INDArray dP = batched(dResult, transposed(value(qkv, shape)));
    INDArray flat = dP.reshape('c', probabilities.shape());
    INDArray dot = flat.mul(probabilities).sum(1);
    INDArray dScores =
        flat.subColumnVector(dot).muli(probabilities).muli(shape.scale()).reshape('c', p.shape());
    INDArray dQuery = joinHeads(batched(dScores, key(qkv, shape)), shape);
    INDArray dKey = joinHeads(batched(transposed(dScores), query(qkv, shape)), shape);
    INDArray dValue = joinHeads(batched(transposed(p), dResult), shape);
    dQkv.assign(Nd4j.concat(1, dQuery, dKey, dValue));
  }

  @Override
  public double softmaxCrossEntropy(INDArray logits, int[] targets, double scale) {
    INDArray shifted = logits.subColumnVector(logits.max(1));
    INDArray logSum = Transforms.log(Transforms.exp(shifted, true).sum(1));
    double loss = 0;
    for (int row = 0; row < targets.length; row++) {
      loss += logSum.getDouble(row) - shifted.getDouble(row, targets[row]);
    }
    logits.assign(softmaxRows(logits));
    for (int row = 0; row < targets.length; row++) {
      logits.putScalar(row, targets[row], logits.getDouble(row, targets[row]) - 1);
    }
    logits.muli(scale);
    return loss;
  }

  @Override
  public void tokenSums(INDArray tokens, INDArray sums) {
    sums.assign(tokens.sum(1));
  }

  @Override
  public void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    double[][] from = source.toDoubleMatrix();
    double[][] to = into.toDoubleMatrix();
    for (int i = 0; i < sourceRows.length; i++) {
      to[intoRows[i]] = from[sourceRows[i]].clone();
    }
    into.assign(Nd4j.createFromArray(to));
  }

  @Override
  public void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    double[][] from = source.toDoubleMatrix();
    double[][] to = into.toDoubleMatrix();
    for (int i = 0; i < sourceRows.length; i++) {
      for (int j = 0; j < from[sourceRows[i]].length; j++) {
        to[intoRows[i]][j] += from[sourceRows[i]][j];
      }
    }
    into.assign(Nd4j.createFromArray(to));
  }

  private static INDArray deviation(INDArray variance, double epsilon) {
    return Transforms.sqrt(variance.add(epsilon));
  }

  /** GELU'. */
  private static INDArray slope(INDArray x) {
    INDArray density = Transforms.exp(x.mul(x).muli(-0.5)).muli(1 / Math.sqrt(2 * Math.PI));
    return cumulative(x).addi(density.muli(x));
  }

  private static INDArray cumulative(INDArray x) {
    return Nd4j.math().erf(x.mul(Math.sqrt(0.5))).addi(1).muli(0.5);
  }

  private static INDArray softmaxRows(INDArray scores) {
    INDArray exponentials = Transforms.exp(scores.subColumnVector(scores.max(1)), false);
    return exponentials.diviColumnVector(exponentials.sum(1));
  }

  private static INDArray query(INDArray qkv, AttentionShape shape) {
    return heads(qkv, shape, 0, 3);
  }

  private static INDArray key(INDArray qkv, AttentionShape shape) {
    return heads(qkv, shape, 1, 3);
  }

  private static INDArray value(INDArray qkv, AttentionShape shape) {
    return heads(qkv, shape, 2, 3);
  }

  /** Group {@code which} of {@code groups} in [B·T, groups·D] as a batch [B·H, T, D/H]. */
  private static INDArray heads(INDArray tokens, AttentionShape shape, int which, int groups) {
    return tokens
        .reshape('c', shape.sequences(), shape.tokens(), groups, shape.heads(), shape.headWidth())
        .get(
            NDArrayIndex.all(),
            NDArrayIndex.all(),
            NDArrayIndex.point(which),
            NDArrayIndex.all(),
            NDArrayIndex.all())
        .permute(0, 2, 1, 3)
        .dup('c')
        .reshape('c', (long) shape.sequences() * shape.heads(), shape.tokens(), shape.headWidth());
  }

  /** A batch [B·H, T, D/H] as [B·T, D]. */
  private static INDArray joinHeads(INDArray batch, AttentionShape shape) {
    return batch
        .reshape('c', shape.sequences(), shape.heads(), shape.tokens(), shape.headWidth())
        .permute(0, 2, 1, 3)
        .dup('c')
        .reshape('c', (long) shape.sequences() * shape.tokens(), shape.width());
  }

  private static INDArray transposed(INDArray batch) {
    return batch.permute(0, 2, 1).dup('c');
  }

  private static INDArray batched(INDArray a, INDArray b) {
    return Nd4j.matmul(a, b).dup('c');
  }
}
