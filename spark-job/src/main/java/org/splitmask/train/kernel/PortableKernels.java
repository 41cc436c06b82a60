/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The kernels in stock ND4J operations: any floating type, any backend, and obvious rather than
 * fast. The reference that the fast kernels are held to.
 */
final class PortableKernels implements Kernels {
  static final PortableKernels INSTANCE = new PortableKernels();

  private PortableKernels() {}

  @Override
  public void linear(INDArray x, INDArray weight, @Nullable INDArray bias, INDArray y) {
    y.assign(x.mmul(weight.transpose()));
    if (bias != null) {
      y.addiRowVector(bias);
    }
  }

  @Override
  public void linearBackward(
      INDArray x,
      INDArray weight,
      INDArray dy,
      @Nullable INDArray dx,
      INDArray dWeight,
      INDArray dBias) {
    dWeight.assign(dy.transpose().mmul(x));
    dBias.assign(dy.sum(0));
    if (dx != null) {
      dx.assign(dy.mmul(weight));
    }
  }

  @Override
  public void layerNorm(
      INDArray x,
      INDArray gamma,
      INDArray beta,
      double epsilon,
      INDArray y,
      INDArray normalised,
      INDArray inverseDeviation) {
    INDArray centred = x.subColumnVector(x.mean(1));
    INDArray variance = centred.mul(centred).mean(1);
    inverseDeviation.assign(Transforms.sqrt(variance.addi(epsilon)).rdivi(1));
    normalised.assign(centred.muliColumnVector(inverseDeviation));
    y.assign(normalised.mulRowVector(gamma).addiRowVector(beta));
  }

  @Override
  public void layerNormBackward(
      INDArray dy,
      INDArray gamma,
      INDArray normalised,
      INDArray inverseDeviation,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta) {
    dGamma.assign(dy.mul(normalised).sum(0));
    dBeta.assign(dy.sum(0));
    INDArray g = dy.mulRowVector(gamma);
    INDArray correlation = g.mul(normalised).mean(1);
    INDArray gradient = g.subColumnVector(g.mean(1)).subi(normalised.mulColumnVector(correlation));
    dx.assign(gradient.muliColumnVector(inverseDeviation));
  }

  @Override
  public void gelu(INDArray x, INDArray y) {
    y.assign(cumulative(x).muli(x));
  }

  @Override
  public void geluBackward(INDArray x, INDArray dy, INDArray dx) {
    INDArray density = Transforms.exp(x.mul(x).muli(-0.5)).muli(1 / Math.sqrt(2 * Math.PI));
    dx.assign(cumulative(x).addi(density.muli(x)).muli(dy));
  }

  @Override
  public void attention(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    for (int b = 0; b < shape.sequences(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        INDArray scores = head(qkv, shape, b, h, 0).mmul(head(qkv, shape, b, h, 1).transpose());
        scores.muli(shape.scale());
        INDArray p = softmaxRows(scores);
        rows(probabilities, shape, b, h).assign(p);
        head(out, shape, b, h, 0).assign(p.mmul(head(qkv, shape, b, h, 2)));
      }
    }
  }

  @Override
  public void attentionBackward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    for (int b = 0; b < shape.sequences(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        INDArray p = rows(probabilities, shape, b, h);
        INDArray dO = head(dOut, shape, b, h, 0);
        head(dQkv, shape, b, h, 2).assign(p.transpose().mmul(dO));
        INDArray dP = dO.mmul(head(qkv, shape, b, h, 2).transpose());
        INDArray dot = dP.mul(p).sum(1);
        INDArray dScores = dP.subColumnVector(dot).muli(p).muli(shape.scale());
        head(dQkv, shape, b, h, 0).assign(dScores.mmul(head(qkv, shape, b, h, 1)));
        head(dQkv, shape, b, h, 1).assign(dScores.transpose().mmul(head(qkv, shape, b, h, 0)));
      }
    }
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
  public void copyRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    for (int i = 0; i < sourceRows.length; i++) {
      into.getRow(intoRows[i]).assign(source.getRow(sourceRows[i]));
    }
  }

  @Override
  public void addRows(INDArray source, int[] sourceRows, INDArray into, int[] intoRows) {
    for (int i = 0; i < sourceRows.length; i++) {
      into.getRow(intoRows[i]).addi(source.getRow(sourceRows[i]));
    }
  }

  private static INDArray cumulative(INDArray x) {
    return Nd4j.math().erf(x.mul(Math.sqrt(0.5))).addi(1).muli(0.5);
  }

  private static INDArray softmaxRows(INDArray scores) {
    INDArray exponentials = Transforms.exp(scores.subColumnVector(scores.max(1)), false);
    return exponentials.diviColumnVector(exponentials.sum(1));
  }

  /** The [T, D/H] part of a sequence's tokens that belongs to a head; group 0, 1, 2 is q, k, v. */
  private static INDArray head(INDArray tokens, AttentionShape shape, int b, int h, int group) {
    long firstRow = (long) b * shape.tokens();
    long firstColumn = (long) group * shape.width() + (long) h * shape.headWidth();
    return tokens.get(interval(firstRow, shape.tokens()), interval(firstColumn, shape.headWidth()));
  }

  private static INDArray rows(INDArray probabilities, AttentionShape shape, int b, int h) {
    long first = ((long) b * shape.heads() + h) * shape.tokens();
    return probabilities.get(interval(first, shape.tokens()), interval(0, shape.tokens()));
  }

  private static INDArrayIndex interval(long first, long count) {
    return NDArrayIndex.interval(first, first + count);
  }
}
