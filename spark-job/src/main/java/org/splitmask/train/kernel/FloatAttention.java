/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.Blas.Into;
import org.splitmask.train.kernel.library.Blas.Matrix;
import org.splitmask.train.kernel.library.FloatScratch;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.kernel.library.Scratch;

/**
 * Multi-head attention on float32, a sequence at a time: each head's matrices are read in place, as
 * strided parts of the [B·T, 3·D] projections, so that nothing is permuted. Scores come and go
 * through one [T, T] block that stays in the cache; only probabilities go to memory, by bulk
 * copies, which wait for it less than products do.
 */
final class FloatAttention {
  private FloatAttention() {}

  static void forward(INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray out) {
    FloatBuffer kept = Blas.buffer(probabilities);
    Operands operands = new Operands(shape, qkv, out, probabilities);
    KernelThreads.each(
        shape.sequences(),
        b -> {
          Head head = new Head(operands);
          for (int h = 0; h < shape.heads(); h++) {
            head.at(b, h);
            head.forward(kept);
          }
        });
  }

  static void backward(
      INDArray qkv, AttentionShape shape, INDArray probabilities, INDArray dOut, INDArray dQkv) {
    FloatBuffer kept = Blas.buffer(probabilities);
    Operands operands = new Operands(shape, qkv, dOut, probabilities);
    Operands gradients = new Operands(shape, dQkv, dOut, probabilities);
    KernelThreads.each(
        shape.sequences(),
        b -> {
          Head head = new Head(operands);
          Head gradient = new Head(gradients);
          for (int h = 0; h < shape.heads(); h++) {
            head.at(b, h);
            gradient.at(b, h);
            head.backward(kept, gradient);
          }
        });
  }

  /** Where the whole kernel's arrays begin. */
  private record Operands(
      AttentionShape shape, FloatPointer qkv, FloatPointer tokens, FloatPointer probabilities) {
    Operands(AttentionShape shape, INDArray qkv, INDArray tokens, INDArray probabilities) {
      this(shape, Blas.pointer(qkv), Blas.pointer(tokens), Blas.pointer(probabilities));
    }

    /** A matrix whose place can be moved apart from others'. */
    Matrix matrix(FloatPointer array, int stride) {
      return Matrix.of(new FloatPointer(array), stride);
    }
  }

  /** The matrices of one head of one sequence, without a new pointer for each place. */
  private static final class Head {
    private final AttentionShape shape;
    private final Matrix query;
    private final Matrix key;
    private final Matrix value;
    private final Matrix token;
    private final Matrix weights;
    private final Matrix scores;
    private final FloatBuffer scoresBuffer;
    private final float[] p;
    private final float[] g;
    private int block;

    Head(Operands all) {
      this.shape = all.shape;
      this.query = all.matrix(all.qkv, 3 * shape.width());
      this.key = all.matrix(all.qkv, 3 * shape.width());
      this.value = all.matrix(all.qkv, 3 * shape.width());
      this.token = all.matrix(all.tokens, shape.width());
      this.weights = all.matrix(all.probabilities, shape.tokens());
      INDArray scratch =
          Scratch.ofThread().array("scores", DataType.FLOAT, shape.tokens(), shape.tokens());
      this.scores = Matrix.of(scratch, 0, shape.tokens());
      this.scoresBuffer = Blas.buffer(scratch);
      this.p = FloatScratch.array(0, shape.tokens() * shape.tokens());
      this.g = FloatScratch.array(1, shape.tokens() * shape.tokens());
    }

    void at(int sequence, int head) {
      long row = (long) sequence * shape.tokens();
      long column = (long) head * shape.headWidth();
      query.pointer().position(row * 3 * shape.width() + column);
      key.pointer().position(row * 3 * shape.width() + shape.width() + column);
      value.pointer().position(row * 3 * shape.width() + 2L * shape.width() + column);
      token.pointer().position(row * shape.width() + column);
      block = (sequence * shape.heads() + head) * shape.tokens() * shape.tokens();
      weights.pointer().position(block);
    }

    void forward(FloatBuffer kept) {
      int tokens = shape.tokens();
      int width = shape.headWidth();
      multiply(tokens, tokens, width, (float) shape.scale(), query, key.transposed(), scores);
      scoresBuffer.get(0, p, 0, tokens * tokens);
      FloatSoftmax.rows(scoresBuffer, 0, p, tokens, tokens);
      kept.put(block, p, 0, tokens * tokens);
      multiply(tokens, width, tokens, 1f, weights, value, token);
    }

    void backward(FloatBuffer kept, Head gradient) {
      int tokens = shape.tokens();
      int width = shape.headWidth();
      float scale = (float) shape.scale();
      kept.get(block, p, 0, tokens * tokens);
      multiply(tokens, width, tokens, 1f, weights.transposed(), token, gradient.value);
      multiply(tokens, tokens, width, 1f, token, value.transposed(), scores);
      scoresBuffer.get(0, g, 0, tokens * tokens);
      FloatSoftmax.gradient(p, g, tokens, tokens);
      scoresBuffer.put(0, g, 0, tokens * tokens);
      multiply(tokens, width, tokens, scale, scores, key, gradient.query);
      multiply(tokens, width, tokens, scale, scores.transposed(), query, gradient.key);
    }
  }

  private static void multiply(int m, int n, int k, float alpha, Matrix a, Matrix b, Matrix c) {
    Blas.multiply(m, n, k, alpha, a, b, Into.REPLACED, c);
  }
}
