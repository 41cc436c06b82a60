/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The fast kernels against the portable ones in double, over random shapes: single rows and
 * columns, odd sizes, several parts of rows and blocks of the cache. A shape is its case's number
 * alone.
 */
class FloatKernelsTest {
  private static final int CASES = 12;
  private static final Kernels FAST = Kernels.of(DataType.FLOAT);
  private static final Kernels SLOW = Kernels.of(DataType.DOUBLE);

  private final Random random = new Random(7);

  static IntStream cases() {
    return IntStream.range(0, CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void linearAgrees(int number) {
    Random sizes = new Random(number);
    int rows = size(sizes, 1500);
    int in = size(sizes, 150);
    int out = size(sizes, 150);
    Pair x = pair(rows, in);
    Pair w = pair(out, in);
    Pair b = number % 3 == 0 ? Pair.NONE : pair(out);
    Pair residual = number % 2 == 0 ? Pair.NONE : pair(rows, out);
    Pair y = pair(rows, out);
    FAST.linear(x.fast, w.fast, b.fast, residual.fast, y.fast);
    SLOW.linear(x.slow, w.slow, b.slow, residual.slow, y.slow);
    y.agree();

    Pair dx = number % 4 == 0 ? Pair.NONE : pair(rows, in);
    Pair dw = pair(out, in);
    Pair db = pair(out);
    FAST.linearBackward(x.fast, null, w.fast, y.fast, dx.fast, dw.fast, db.fast);
    SLOW.linearBackward(x.slow, null, w.slow, y.slow, dx.slow, dw.slow, db.slow);
    dx.agree();
    dw.agree();
    db.agree();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("linear with GELU, and back through both")
  void linearGeluAgrees(int number) {
    Random sizes = new Random(number);
    int rows = size(sizes, 1500);
    int in = size(sizes, 60);
    int out = size(sizes, 60);
    Pair x = pair(rows, in);
    Pair w = pair(out, in);
    Pair b = pair(out);
    Pair hidden = pair(rows, out);
    Pair y = pair(rows, out);
    FAST.linearGelu(x.fast, w.fast, b.fast, hidden.fast, y.fast);
    SLOW.linearGelu(x.slow, w.slow, b.slow, hidden.slow, y.slow);
    hidden.agree();
    y.agree();

    Pair next = pair(in, out);
    Pair dNext = pair(rows, in);
    Pair dHidden = pair(rows, out);
    Pair dw = pair(in, out);
    Pair db = pair(in);
    FAST.linearBackward(y.fast, hidden.fast, next.fast, dNext.fast, dHidden.fast, dw.fast, db.fast);
    SLOW.linearBackward(y.slow, hidden.slow, next.slow, dNext.slow, dHidden.slow, dw.slow, db.slow);
    dHidden.agree();
    dw.agree();
    db.agree();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void layerNormAgrees(int number) {
    Random sizes = new Random(number);
    int rows = size(sizes, 1500);
    int width = 2 + size(sizes, number == 0 ? 9000 : 300);
    Pair x = pair(rows, width);
    Pair gamma = pair(width);
    Pair beta = pair(width);
    Pair y = pair(rows, width);
    Pair mean = pair(rows);
    Pair variance = pair(rows);
    FAST.layerNorm(x.fast, gamma.fast, beta.fast, 1e-6, y.fast, mean.fast, variance.fast);
    SLOW.layerNorm(x.slow, gamma.slow, beta.slow, 1e-6, y.slow, mean.slow, variance.slow);
    y.agree();

    Pair dy = pair(rows, width);
    Pair residual = number % 2 == 0 ? Pair.NONE : pair(rows, width);
    Pair dx = number % 3 == 0 ? dy : pair(rows, width);
    Pair dGamma = pair(width);
    Pair dBeta = pair(width);
    FAST.layerNormBackward(
        x.fast,
        dy.fast,
        gamma.fast,
        mean.fast,
        variance.fast,
        1e-6,
        residual.fast,
        dx.fast,
        dGamma.fast,
        dBeta.fast);
    SLOW.layerNormBackward(
        x.slow,
        dy.slow,
        gamma.slow,
        mean.slow,
        variance.slow,
        1e-6,
        residual.slow,
        dx.slow,
        dGamma.slow,
        dBeta.slow);
    dx.agree();
    dGamma.agree();
    dBeta.agree();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void attentionAgrees(int number) {
    Random sizes = new Random(number);
    int sequences = 1 + sizes.nextInt(4);
    int tokens = size(sizes, 220);
    int heads = 1 + sizes.nextInt(3);
    int headWidth = size(sizes, 70);
    AttentionShape shape = new AttentionShape(sequences, tokens, heads, headWidth);
    int width = heads * headWidth;
    Pair qkv = pair(sequences * tokens, 3 * width);
    Pair probabilities = pair(sequences * heads * tokens, tokens);
    Pair out = pair(sequences * tokens, width);
    FAST.attention(qkv.fast, shape, probabilities.fast, out.fast);
    SLOW.attention(qkv.slow, shape, probabilities.slow, out.slow);
    probabilities.agree();
    out.agree();

    Pair dOut = pair(sequences * tokens, width);
    Pair dQkv = pair(sequences * tokens, 3 * width);
    FAST.attentionBackward(qkv.fast, shape, probabilities.fast, dOut.fast, dQkv.fast);
    SLOW.attentionBackward(qkv.slow, shape, probabilities.slow, dOut.slow, dQkv.slow);
    dQkv.agree();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 30, 1e4})
  void crossEntropyAgreesAlsoAtLargeLogits(double magnitude) {
    Random sizes = new Random((long) magnitude);
    for (int number = 0; number < CASES; number++) {
      int rows = size(sizes, 300);
      int classes = 2 + size(sizes, 5000);
      Pair logits = pair(rows, classes);
      logits.fast.muli(magnitude);
      logits.slow.assign(logits.fast.castTo(DataType.DOUBLE));
      int[] targets = sizes.ints(rows, 0, classes).toArray();
      double fast = FAST.softmaxCrossEntropy(logits.fast, targets, 0.25);
      double slow = SLOW.softmaxCrossEntropy(logits.slow, targets, 0.25);
      assertThat(fast).isCloseTo(slow, within(1e-5 * Math.max(1, slow)));
      logits.agree();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64, 200})
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

  @ParameterizedTest
  @MethodSource("cases")
  void tokenSumsAgree(int number) {
    Random sizes = new Random(number);
    int sequences = size(sizes, 40);
    int width = size(sizes, 300);
    Pair tokens = pair(sequences, size(sizes, 200), width);
    Pair sums = pair(sequences, width);
    FAST.tokenSums(tokens.fast, sums.fast);
    SLOW.tokenSums(tokens.slow, sums.slow);
    sums.agree();
  }

  /** From 1 to a bound, small ones as often as large ones. */
  private static int size(Random sizes, int most) {
    return (int) Math.max(1, Math.exp(sizes.nextDouble() * Math.log(most)));
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
    /** An operand that is left out. */
    static final Pair NONE = new Pair(null, null);

    void agree() {
      if (fast == null) {
        return;
      }
      double difference = fast.castTo(DataType.DOUBLE).sub(slow).norm2Number().doubleValue();
      assertThat(difference)
          .as("distance of the fast result from the slow one")
          .isLessThanOrEqualTo(1e-5 * Math.max(1e-3, slow.norm2Number().doubleValue()));
    }
  }
}
