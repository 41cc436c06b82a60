/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.splitmask.train.kernel.PortableKernels;
import org.splitmask.train.kernel.library.RowKernels.Normalisation;

/** Every library's kernels on ranges of rows, against the portable ones in double. */
class RowKernelsTest {
  private static final int CASES = 20;
  private static final double EPSILON = 1e-6;

  static Stream<CpuLibrary> libraries() {
    return Stream.of(Blas.choose("openblas"), Blas.choose(""));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void linearOnSomeRows(CpuLibrary library) {
    library.prepareThread();
    Random random = new Random(11);
    for (int number = 0; number < CASES; number++) {
      Range range = Range.of(random);
      int in = 1 + random.nextInt(90);
      int out = 1 + random.nextInt(90);
      INDArray x = values(random, range.rows, in);
      INDArray w = values(random, out, in);
      INDArray b = number % 3 == 0 ? null : values(random, out);
      INDArray residual = number % 2 == 0 ? null : values(random, range.rows, out);
      INDArray y = values(random, range.rows, out);
      INDArray expected = y.castTo(DataType.DOUBLE);
      INDArray all = expected.ulike();
      PortableKernels.INSTANCE.linear(twice(x), twice(w), twice(b), twice(residual), all);
      range.copy(all, expected);

      library.rowKernels().linear(x, w, b, residual, y, range.from, range.to);
      agree(y, expected);
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void layerNormOnSomeRows(CpuLibrary library) {
    library.prepareThread();
    Random random = new Random(12);
    for (int number = 0; number < CASES; number++) {
      Range range = Range.of(random);
      int width = 2 + random.nextInt(number == 0 ? 9000 : 300);
      INDArray x = values(random, range.rows, width).addi(number % 5 == 0 ? 100 : 0);
      INDArray gamma = values(random, width);
      INDArray beta = values(random, width);
      INDArray y = values(random, range.rows, width);
      INDArray mean = values(random, range.rows);
      INDArray variance = values(random, range.rows);
      INDArray expected = y.castTo(DataType.DOUBLE);
      INDArray all = expected.ulike();
      INDArray means = twice(mean);
      INDArray variances = twice(variance);
      PortableKernels.INSTANCE.layerNorm(
          twice(x), twice(gamma), twice(beta), EPSILON, all, means, variances);
      range.copy(all, expected);

      Normalisation norm = new Normalisation(x, gamma, mean, variance, EPSILON);
      library.rowKernels().layerNorm(norm, beta, y, range.from, range.to);
      agree(y, expected);

      // Of these rows alone: the others' mean and variance are whatever was there.
      INDArray dy = values(random, range.rows, width);
      INDArray dx = number % 2 == 0 ? dy.dup() : values(random, range.rows, width);
      INDArray from = number % 2 == 0 ? dx : dy;
      INDArray dxExpected = dx.castTo(DataType.DOUBLE);
      INDArray dGamma = Nd4j.create(DataType.DOUBLE, width);
      INDArray dBeta = Nd4j.create(DataType.DOUBLE, width);
      INDArray some = Nd4j.create(DataType.DOUBLE, range.count(), width);
      PortableKernels.INSTANCE.layerNormBackward(
          range.of(twice(x)),
          range.of(twice(from)),
          twice(gamma),
          range.of(means),
          range.of(variances),
          EPSILON,
          null,
          some,
          dGamma,
          dBeta);
      range.write(some, dxExpected);
      float[] scaleGradient = new float[width];
      float[] shiftGradient = new float[width];
      library
          .rowKernels()
          .layerNormBackward(norm, from, dx, scaleGradient, shiftGradient, range.from, range.to);
      agree(dx, dxExpected);
      agree(Nd4j.createFromArray(scaleGradient), dGamma);
      agree(Nd4j.createFromArray(shiftGradient), dBeta);
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  @DisplayName("GELU and its derivative at every magnitude: 1e-6 away from the exact ones at most")
  void geluOfEverySize(CpuLibrary library) {
    library.prepareThread();
    int count = 40_001;
    float[] points = new float[count];
    for (int i = 0; i < count; i++) {
      float magnitude = (float) Math.pow(10, i % 9 - 6); // 1e-6 to 100
      points[i] = magnitude * (i - count / 2) / (count / 4f);
    }
    INDArray h = Nd4j.createFromArray(points);
    INDArray y = h.ulike();
    INDArray slope = Nd4j.ones(DataType.FLOAT, count);
    library.rowKernels().gelu(h, y, 0, count);
    library.rowKernels().geluBackward(h, slope, 0, count);
    INDArray cumulative = Nd4j.math().erf(twice(h).muli(Math.sqrt(0.5))).addi(1).muli(0.5);
    for (int i = 0; i < count; i++) {
      double x = points[i];
      double phi = cumulative.getDouble(i);
      double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      assertThat(y.getDouble(i)).isCloseTo(x * phi, within(1e-6 * Math.max(1, Math.abs(x))));
      assertThat(slope.getDouble(i)).isCloseTo(phi + x * density, within(2e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("libraries")
  @DisplayName("what is not finite stays so: the step is to find it")
  void notFiniteStaysSo(CpuLibrary library) {
    library.prepareThread();
    RowKernels kernels = library.rowKernels();
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      INDArray x = Nd4j.ones(DataType.FLOAT, 3, 40);
      x.putScalar(1, 7, bad);
      INDArray y = Nd4j.zeros(DataType.FLOAT, 3, 40);
      kernels.gelu(x, y, 0, 120);
      assertThat(Double.isFinite(y.getDouble(1, 7))).isFalse();
      assertThat(y.getDouble(1, 8)).isFinite();

      INDArray gamma = Nd4j.ones(DataType.FLOAT, 40);
      INDArray mean = Nd4j.zeros(DataType.FLOAT, 3);
      INDArray variance = Nd4j.zeros(DataType.FLOAT, 3);
      Normalisation norm = new Normalisation(x, gamma, mean, variance, EPSILON);
      kernels.layerNorm(norm, gamma, y, 0, 3);
      assertThat(y.getDouble(1, 7)).isNaN();
      assertThat(y.getDouble(0, 7)).isFinite();

      kernels.linear(x, Nd4j.ones(DataType.FLOAT, 5, 40), null, null, y, 0, 3);
      assertThat(Double.isFinite(y.getDouble(0, 5))).isFalse();
    }
    INDArray gradient = Nd4j.createFromArray(1f, Float.NaN, 1f);
    kernels.geluBackward(Nd4j.createFromArray(1f, 1f, Float.NaN), gradient, 0, 3);
    assertThat(gradient.getDouble(0)).isFinite();
    assertThat(gradient.getDouble(1)).isNaN();
    assertThat(gradient.getDouble(2)).isNaN();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  @DisplayName("more shapes than are kept")
  void manyShapes(CpuLibrary library) {
    library.prepareThread();
    INDArray h = Nd4j.ones(DataType.FLOAT, 1300);
    for (int count = 1; count <= 1300; count++) {
      INDArray y = Nd4j.zeros(DataType.FLOAT, 1300);
      library.rowKernels().gelu(h, y, 0, count);
      assertThat(y.sumNumber().doubleValue()).isCloseTo(0.841345 * count, within(1e-3 * count));
    }
  }

  /** Some of an array's rows. */
  private record Range(int rows, int from, int to) {
    static Range of(Random random) {
      int rows = 1 + random.nextInt(200);
      int from = random.nextInt(rows);
      return new Range(rows, from, from + 1 + random.nextInt(rows - from));
    }

    int count() {
      return to - from;
    }

    INDArray of(INDArray array) {
      return array.get(NDArrayIndex.interval(from, to)).dup('c');
    }

    void copy(INDArray source, INDArray into) {
      write(of(source), into);
    }

    void write(INDArray some, INDArray into) {
      into.get(NDArrayIndex.interval(from, to)).assign(some);
    }
  }

  private static INDArray twice(INDArray array) {
    return array == null ? null : array.castTo(DataType.DOUBLE);
  }

  private static void agree(INDArray fast, INDArray slow) {
    double difference = fast.castTo(DataType.DOUBLE).sub(slow).norm2Number().doubleValue();
    assertThat(difference)
        .isLessThanOrEqualTo(2e-5 * Math.max(1e-3, slow.norm2Number().doubleValue()));
  }

  private static INDArray values(Random random, long... shape) {
    INDArray array = Nd4j.create(DataType.FLOAT, shape);
    INDArray flat = array.reshape(array.length());
    for (int i = 0; i < flat.length(); i++) {
      flat.putScalar(i, (float) random.nextGaussian());
    }
    return array;
  }
}
