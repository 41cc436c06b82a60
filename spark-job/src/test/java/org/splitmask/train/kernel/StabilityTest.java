/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where a plain exponential overflows: e^89 is infinite in float32, e^710 in double. */
class StabilityTest {
  private static final double HUGE = 1e4;

  @ParameterizedTest
  @EnumSource(
      names = {"FLOAT", "DOUBLE"},
      mode = Mode.INCLUDE)
  void crossEntropyAtHugeLogits(DataType type) {
    double[][] values = {
      {HUGE, -HUGE, 0, 0}, {HUGE, -HUGE, 0, 0}, {-HUGE, -HUGE, -HUGE, -HUGE}, {HUGE, HUGE, HUGE, 0}
    };
    INDArray logits = Nd4j.createFromArray(values).castTo(type);
    int[] targets = {0, 1, 2, 3};

    double loss = Kernels.of(type).softmaxCrossEntropy(logits, targets, 1);

    double expected = 0 + 2 * HUGE + Math.log(4) + (HUGE + Math.log(3));
    assertThat(loss).isCloseTo(expected, within(1e-6 * HUGE));
    double third = 1.0 / 3;
    double[][] gradient = {
      {0, 0, 0, 0}, {1, -1, 0, 0}, {0.25, 0.25, -0.75, 0.25}, {third, third, third, -1}
    };
    assertThat(logits.distance2(Nd4j.createFromArray(gradient).castTo(type))).isLessThan(1e-6);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"FLOAT", "DOUBLE"},
      mode = Mode.INCLUDE)
  void attentionAtHugeScores(DataType type) {
    // One head of width 1: scores q·k of +1e4 and −1e4, or all 0.
    double[][] rows = {{100, 100, 3}, {-100, -100, 5}, {0, 0, 7}};
    INDArray qkv = Nd4j.createFromArray(rows).castTo(type);
    AttentionShape shape = new AttentionShape(1, 3, 1, 1);
    INDArray probabilities = Nd4j.create(type, 3, 3);
    INDArray out = Nd4j.create(type, 3, 1);
    Kernels.of(type).attention(qkv, shape, probabilities, out);

    assertThat(out.getDouble(0)).isCloseTo(3, within(1e-5)); // sees the first alone
    assertThat(out.getDouble(1)).isCloseTo(5, within(1e-5)); // the second alone
    assertThat(out.getDouble(2)).isCloseTo(5, within(1e-5)); // all alike

    INDArray dQkv = Nd4j.create(type, 3, 3);
    INDArray dOut = Nd4j.ones(type, 3, 1);
    Kernels.of(type).attentionBackward(qkv, shape, probabilities, dOut, dQkv);
    for (int i = 0; i < 9; i++) {
      assertThat(dQkv.getDouble(i)).isFinite();
    }
    assertThat(dQkv.getDouble(0, 2)).isCloseTo(1 + 1.0 / 3, within(1e-5));
  }
}
