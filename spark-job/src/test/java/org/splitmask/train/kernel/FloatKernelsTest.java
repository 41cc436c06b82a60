/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fast kernels against the portable ones in double, at odd sizes. */
class FloatKernelsTest {
  private static final Kernels FAST = Kernels.of(DataType.FLOAT);
  private static final Kernels SLOW = Kernels.of(DataType.DOUBLE);

  private final Random random = new Random(7);

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 37, 130})
  void linearAgrees(int size) {
    Pair x = pair(size + 1, size);
    Pair w = pair(5, size);
    Pair b = pair(5);
    Pair y = pair(size + 1, 5);
    FAST.linear(x.fast, w.fast, b.fast, y.fast);
    SLOW.linear(x.slow, w.slow, b.slow, y.slow);
    y.agree();

    Pair dx = pair(size + 1, size);
    Pair dw = pair(5, size);
    Pair db = pair(5);
    FAST.linearBackward(x.fast, w.fast, y.fast, dx.fast, dw.fast, db.fast);
    SLOW.linearBackward(x.slow, w.slow, y.slow, dx.slow, dw.slow, db.slow);
    dx.agree();
    dw.agree();
    db.agree();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 8, 37, 130})
  void layerNormAgrees(int width) {
    Pair x = pair(9, width);
    Pair gamma = pair(width);
    Pair beta = pair(width);
    Pair y = pair(9, width);
    Pair hat = pair(9, width);
    Pair deviation = pair(9);
    FAST.layerNorm(x.fast, gamma.fast, beta.fast, 1e-6, y.fast, hat.fast, deviation.fast);
    SLOW.layerNorm(x.slow, gamma.slow, beta.slow, 1e-6, y.slow, hat.slow, deviation.slow);
    y.agree();

    Pair dy = pair(9, width);
    Pair dx = pair(9, width);
    Pair dGamma = pair(width);
    Pair dBeta = pair(width);
    FAST.layerNormBackward(
        dy.fast, gamma.fast, hat.fast, deviation.fast, dx.fast, dGamma.fast, dBeta.fast);
    SLOW.layerNormBackward(
        dy.slow, gamma.slow, hat.slow, deviation.slow, dx.slow, dGamma.slow, dBeta.slow);
    dx.agree();
    dGamma.agree();
    dBeta.agree();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 9001})
  void geluAgrees(int length) {
    Pair x = pair(length);
    x.fast.muli(4);
    x.slow.muli(4);
    Pair y = pair(length);
    FAST.gelu(x.fast, y.fast);
    SLOW.gelu(x.slow, y.slow);
    y.agree();

    Pair dy = pair(length);
    FAST.geluBackward(x.fast, dy.fast, dy.fast);
    SLOW.geluBackward(x.slow, dy.slow, dy.slow);
    dy.agree();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 18, 33})
  void attentionAgrees(int tokens) {
    AttentionShape shape = new AttentionShape(3, tokens, 2, 5);
    Pair qkv = pair(3 * tokens, 30);
    Pair probabilities = pair(6 * tokens, tokens);
    Pair out = pair(3 * tokens, 10);
    FAST.attention(qkv.fast, shape, probabilities.fast, out.fast);
    SLOW.attention(qkv.slow, shape, probabilities.slow, out.slow);
    probabilities.agree();
    out.agree();

    Pair dOut = pair(3 * tokens, 10);
    Pair dQkv = pair(3 * tokens, 30);
    FAST.attentionBackward(qkv.fast, shape, probabilities.fast, dOut.fast, dQkv.fast);
    SLOW.attentionBackward(qkv.slow, shape, probabilities.slow, dOut.slow, dQkv.slow);
    dQkv.agree();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 30, 1e4})
  void crossEntropyAgreesAlsoAtLargeLogits(double magnitude) {
    Pair logits = pair(6, 11);
    logits.fast.muli(magnitude);
    logits.slow.assign(logits.fast.castTo(DataType.DOUBLE));
    int[] targets = {0, 3, 10, 5, 5, 1};
    double fast = FAST.softmaxCrossEntropy(logits.fast, targets, 0.25);
    double slow = SLOW.softmaxCrossEntropy(logits.slow, targets, 0.25);
    assertThat(fast).isCloseTo(slow, within(1e-5 * Math.max(1, slow)));
    logits.agree();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64})
  void rowsAreMovedAndAddedAlike(int width) {
    Pair source = pair(4, width);
    Pair into = pair(6, width);
    int[] from = {3, 0, 3, 1};
    int[] to = {5, 2, 2, 0};
    FAST.addRows(source.fast, from, into.fast, to);
    SLOW.addRows(source.slow, from, into.slow, to);
    into.agree();
    FAST.copyRows(source.fast, from, into.fast, to);
    SLOW.copyRows(source.slow, from, into.slow, to);
    into.agree();
  }

  /** The same random values in single and double precision. */
  private Pair pair(long... shape) {
    INDArray slow = Nd4j.create(DataType.DOUBLE, shape);
    INDArray flat = slow.reshape(slow.length());
    for (int i = 0; i < flat.length(); i++) {
      flat.putScalar(i, (float) random.nextGaussian());
    }
    return new Pair(slow.castTo(DataType.FLOAT), slow);
  }

  private record Pair(INDArray fast, INDArray slow) {
    void agree() {
      double difference = fast.castTo(DataType.DOUBLE).sub(slow).norm2Number().doubleValue();
      assertThat(difference)
          .as("distance of the fast result from the slow one")
          .isLessThanOrEqualTo(1e-5 * Math.max(1e-3, slow.norm2Number().doubleValue()));
    }
  }
}
