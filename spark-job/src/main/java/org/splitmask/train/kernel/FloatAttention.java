/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.Blas.Matrix;

/**
 * Multi-head attention on float32: each head's matrices are read in place, as strided parts of the
 * [B·T, 3·D] projections, so that nothing is permuted; the softmax runs on the one [T, T] block
 * that was just computed, while it is in the cache.
 */
final class FloatAttention {
  private FloatAttention() {}

  static void forward(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    int tokens = shape.tokens();
    Cursor q = new Cursor(qkv, 3 * shape.width());
    Cursor k = new Cursor(qkv, 3 * shape.width());
    Cursor v = new Cursor(qkv, 3 * shape.width());
    Cursor p = new Cursor(probabilities, tokens);
    Cursor o = new Cursor(out, shape.width());
    FloatBuffer scores = Blas.buffer(probabilities);
    for (int b = 0; b < shape.sequences(); b++) {
      for (int h = 0; h < shape.heads(); h++) {
        long block = ((long) b * shape.heads() + h) * tokens * tokens;
        Matrix query = q.at(group(shape, b, h, 0));
        Matrix key = k.at(group(shape, b, h, 1));
        Matrix weights = p.at(block);
        Blas.multiply(
            tokens,
            tokens,
            shape.headWidth(),
            (float) shape.scale(),
            query,
            key.transposed(),
            weights);
        softmaxRows(scores, (int) block, tokens);
        Matrix value = v.at(group(shape, b, h, 2));
        Matrix result = o.at(token(shape, b, h));
        Blas.multiply(tokens, shape.headWidth(), tokens, 1f, weights, value, result);
      }
    }
  }

  static void backward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    int tokens = shape.tokens();
    int width = shape.headWidth();
    Cursor inputs = new Cursor(qkv, 3 * shape.width());
    Cursor gradients = new Cursor(dQkv, 3 * shape.width());
    Cursor p = new Cursor(probabilities, tokens);
    Cursor o = new Cursor(dOut, shape.width());
    FloatBuffer weights = Blas.buffer(probabilities);
    try (FloatPointer scratch = new FloatPointer((long) tokens * tokens)) {
      Matrix dScores = Matrix.of(scratch, tokens);
      FloatBuffer dScoresBuffer = scratch.asBuffer();
      for (int b = 0; b < shape.sequences(); b++) {
        for (int h = 0; h < shape.heads(); h++) {
          long block = ((long) b * shape.heads() + h) * tokens * tokens;
          Matrix dResult = o.at(token(shape, b, h));
          Matrix weight = p.at(block);
          Matrix dValue = gradients.at(group(shape, b, h, 2));
          Blas.multiply(tokens, width, tokens, 1f, weight.transposed(), dResult, dValue);
          Matrix value = inputs.at(group(shape, b, h, 2));
          Blas.multiply(tokens, tokens, width, 1f, dResult, value.transposed(), dScores);
          softmaxGradient(weights, (int) block, dScoresBuffer, tokens);
          float scale = (float) shape.scale();
          Matrix key = inputs.at(group(shape, b, h, 1));
          Matrix dQuery = gradients.at(group(shape, b, h, 0));
          Blas.multiply(tokens, width, tokens, scale, dScores, key, dQuery);
          Matrix query = inputs.at(group(shape, b, h, 0));
          Matrix dKey = gradients.at(group(shape, b, h, 1));
          Blas.multiply(tokens, width, tokens, scale, dScores.transposed(), query, dKey);
        }
      }
    }
  }

  /** The first element of a sequence's queries (0), keys (1) or values (2) for a head. */
  private static long group(AttentionShape shape, int b, int h, int group) {
    return (long) b * shape.tokens() * 3 * shape.width()
        + (long) group * shape.width()
        + (long) h * shape.headWidth();
  }

  private static long token(AttentionShape shape, int b, int h) {
    return (long) b * shape.tokens() * shape.width() + (long) h * shape.headWidth();
  }

  private static void softmaxRows(FloatBuffer scores, int from, int tokens) {
    int length = tokens * tokens;
    float[] block = FloatKernels.scratch(0, length);
    scores.get(from, block, 0, length);
    for (int row = 0; row < length; row += tokens) {
      FloatMath.expInPlace(block, row, row + tokens, FloatMath.max(block, row, row + tokens));
      float factor = 1f / FloatMath.sum(block, row, row + tokens);
      for (int i = row; i < row + tokens; i++) {
        block[i] *= factor;
      }
    }
    scores.put(from, block, 0, length);
  }

  /** dScores = p ∘ (dp − rowsum(dp ∘ p)), in place of dp. */
  private static void softmaxGradient(
      FloatBuffer probabilities, int from, FloatBuffer gradients, int tokens) {
    int length = tokens * tokens;
    float[] p = FloatKernels.scratch(0, length);
    float[] g = FloatKernels.scratch(1, length);
    probabilities.get(from, p, 0, length);
    gradients.get(0, g, 0, length);
    for (int row = 0; row < length; row += tokens) {
      float dot = FloatMath.dot(p, row, g, row, tokens);
      for (int i = row; i < row + tokens; i++) {
        g[i] = p[i] * (g[i] - dot);
      }
    }
    gradients.put(0, g, 0, length);
  }

  /** A matrix that moves over one array, without a new pointer for each place. */
  private static final class Cursor {
    private final Matrix matrix;

    Cursor(INDArray array, int stride) {
      this.matrix = Matrix.of(Blas.pointer(array), stride);
    }

    Matrix at(long offset) {
      matrix.pointer().position(offset);
      return matrix;
    }
  }
}
