/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.kernel.library.Blas.Matrix;

class BlasTest {
  static Stream<CpuLibrary> libraries() {
    return Stream.of(Blas.choose("openblas"), Blas.choose(""));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  @DisplayName("every library multiplies strided, transposed parts of matrices, and adds to them")
  void multiplies(CpuLibrary library) {
    library.prepareThread();
    Random random = new Random(5);
    for (int number = 0; number < 40; number++) {
      int m = 1 + random.nextInt(70);
      int n = 1 + random.nextInt(70);
      int k = 1 + random.nextInt(70);
      boolean transposeA = random.nextBoolean();
      boolean transposeB = random.nextBoolean();
      int strideA = (transposeA ? m : k) + random.nextInt(5);
      int strideB = (transposeB ? k : n) + random.nextInt(5);
      int strideC = n + random.nextInt(5);
      float beta = number % 2;
      float[] a = values(random, (transposeA ? k : m) * strideA);
      float[] b = values(random, (transposeB ? n : k) * strideB);
      float[] c = values(random, m * strideC);
      float[] expected = c.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = beta * c[i * strideC + j];
          for (int l = 0; l < k; l++) {
            double left = a[transposeA ? l * strideA + i : i * strideA + l];
            sum += 0.5 * left * b[transposeB ? j * strideB + l : l * strideB + j];
          }
          expected[i * strideC + j] = (float) sum;
        }
      }

      try (FloatPointer pa = new FloatPointer(a);
          FloatPointer pb = new FloatPointer(b);
          FloatPointer pc = new FloatPointer(c)) {
        Matrix left = new Matrix(pa, strideA, transposeA);
        Matrix right = new Matrix(pb, strideB, transposeB);
        library.multiply(m, n, k, 0.5f, left, right, beta, Matrix.of(pc, strideC));
        pc.get(c);
      }
      assertThat(c).containsExactly(expected, within(1e-4f));
    }
  }

  @Test
  @DisplayName("views start where they do in the array that they are of")
  void addressesOfViews() {
    INDArray all = Nd4j.arange(24).castTo(DataType.FLOAT);
    INDArray view = all.get(NDArrayIndex.interval(6, 18)).reshape('c', 3, 4);
    assertThat(Blas.address(view, 2) - Blas.address(all, 0)).isEqualTo(8L * Float.BYTES);
    assertThat(Blas.address(all, 0)).isEqualTo(all.data().addressPointer().address());
    assertThat(Blas.address(view, 0)).isEqualTo(view.data().addressPointer().address());
    assertThat(Blas.pointer(view).get(5)).isEqualTo(11f);
    assertThat(Blas.buffer(view).get(5)).isEqualTo(11f);
    INDArray part = view.get(NDArrayIndex.interval(1, 3));
    assertThat(Blas.buffer(part).get(0)).isEqualTo(10f);
    INDArray whole = Nd4j.createFromArray(3, 1, 4, 1, 5);
    assertThat(Blas.integers(whole.get(NDArrayIndex.interval(2, 4))).get(0)).isEqualTo(4);
  }

  @Test
  void namesOfLibrariesAreChecked() {
    assertThatThrownBy(() -> Blas.choose("mkl"))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("onednn or openblas, was 'mkl'");
  }

  @Test
  void librariesSayWhatTheyAre() {
    assertThat(new OpenBlas().description()).startsWith("OpenBLAS 0.");
    assertThat(Blas.choose("").description()).matches("(oneDNN|OpenBLAS) \\d+\\.\\d+\\.\\d+ .*");
  }

  @ParameterizedTest
  @CsvSource({
    "fpu sse2 avx avx2 avx512f amx_tile, 2600.5, 332.864",
    "fpu avx avx2, 2000, 128",
    "fpu avx, 3000, 96"
  })
  @DisplayName("the peak follows from clock and instructions")
  void peakOfProcessors(String flags, String clock, double expected) {
    String text = "processor\t: 0\ncpu MHz\t\t: " + clock + "\nflags\t\t: " + flags + "\n\n";
    assertThat(BlasCheck.peak(text, 2).orElseThrow()).isCloseTo(expected, within(0.2));
    assertThat(BlasCheck.peak("BogoMIPS : 48.00\nFeatures : fp asimd\n", 2)).isEmpty();
  }

  @Test
  @DisplayName("a slow library is told with a remedy, any other with its rate")
  void slowLibrariesAreTold() {
    BlasCheck slow = new BlasCheck("OpenBLAS for Prescott", 2, 34, OptionalDouble.of(332));
    assertThat(slow.isSlow()).isTrue();
    assertThat(slow.message())
        .contains("OpenBLAS for Prescott: 34 GFLOP/s on 2 threads, where 332 are possible")
        .contains("-Dsplitmask.blas");
    BlasCheck unknown = new BlasCheck("OpenBLAS", 1, 3, OptionalDouble.empty());
    assertThat(unknown.isSlow()).isFalse();
    assertThat(unknown.message()).endsWith(" 3 GFLOP/s on 1 thread");

    long[] time = {0};
    BlasCheck here = BlasCheck.run(new KernelThreads(2), () -> time[0] += 10_000_000);
    assertThat(here.threads()).isEqualTo(2);
    assertThat(here.gigaflops()).isCloseTo(2 * 2.0 * 1024 * 1024 * 1024 / 1e7, within(1e-6));
    assertThat(here.message()).startsWith("matrix products by ").contains(" on 2 threads");
  }

  private static float[] values(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
