/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.kernel.AttentionShape;
import org.splitmask.train.kernel.Kernels;

class KernelThreadsTest {
  @ParameterizedTest
  @CsvSource({"700,96,288,31,2", "1030,200,72,65,3", "60,24,10,7,1"})
  @DisplayName("kernels give the same bits on any number of threads")
  void bitsDoNotDependOnThreads(int rows, int in, int out, int tokens, int heads) {
    List<float[]> alone = new KernelThreads(1).call(() -> everything(rows, in, out, tokens, heads));
    for (int threads = 2; threads <= 5; threads++) {
      List<float[]> shared =
          new KernelThreads(threads).call(() -> everything(rows, in, out, tokens, heads));
      for (int i = 0; i < alone.size(); i++) {
        assertThat(Arrays.mismatch(shared.get(i), alone.get(i)))
            .as("first difference in result %d on %d threads", i, threads)
            .isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @DisplayName("closing ends the threads and frees their buffers")
  void closingFreesWhatTheThreadsHad(int count) throws InterruptedException {
    var buffers = new ConcurrentHashMap<Thread, INDArray>();
    KernelThreads threads = new KernelThreads(count);
    threads.call(
        () -> {
          KernelThreads.each(
              50,
              i ->
                  buffers.put(
                      Thread.currentThread(),
                      Scratch.ofThread().array("closing", DataType.FLOAT, 1000)));
          return 0;
        });
    assertThat(buffers).isNotEmpty();
    assertThat(buffers.values()).noneMatch(buffer -> buffer.data().wasClosed());

    threads.close();

    assertThat(buffers.values()).allMatch(buffer -> buffer.data().wasClosed());
    for (Thread thread : buffers.keySet()) {
      if (thread != Thread.currentThread()) {
        thread.join(60_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @DisplayName("work runs on as many threads as there are, and fails as it fails")
  void runsOnItsThreads(int threads) {
    var names = ConcurrentHashMap.<String>newKeySet();
    int available =
        new KernelThreads(threads)
            .call(
                () -> {
                  KernelThreads.each(50, i -> names.add(Thread.currentThread().getName()));
                  return KernelThreads.available();
                });
    assertThat(available).isEqualTo(threads);
    assertThat(names.size()).isBetween(1, threads);
    assertThat(KernelThreads.available()).as("outside of it").isEqualTo(1);

    assertThatThrownBy(
            () ->
                new KernelThreads(threads)
                    .call(
                        () -> {
                          throw new IllegalStateException("as it fails");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("as it fails");
  }

  @Test
  @DisplayName("who is interrupted while waiting is told, as Spark's ended tasks are")
  void interruptionsAreTold() {
    KernelThreads threads = new KernelThreads(2);
    CountDownLatch end = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> threads.call(() -> awaited(end)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
    assertThat(threads.call(() -> threads.call(KernelThreads::available))).isEqualTo(2);
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void partsCoverEverythingOnce() {
    Random random = new Random(3);
    for (int number = 0; number < 500; number++) {
      int length = random.nextInt(3000);
      int bound = 1 + random.nextInt(1000);
      for (Parts parts : List.of(Parts.within(length, bound), Parts.count(length, bound))) {
        int[] end = {0};
        for (int i = 0; i < parts.count(); i++) {
          parts.run(
              i,
              (from, to) -> {
                assertThat(from).isEqualTo(end[0]);
                assertThat(to).isGreaterThan(from);
                end[0] = to;
              });
        }
        assertThat(end[0]).isEqualTo(length);
      }
      assertThat(Parts.within(length, bound).size()).isLessThanOrEqualTo(Math.max(64, bound));
      assertThat(Parts.count(length, bound).count()).isLessThanOrEqualTo(bound);
    }
  }

  /** The outputs of all kernels on the same random values. */
  private static List<float[]> everything(int rows, int in, int out, int tokens, int heads) {
    Random random = new Random(11);
    Kernels kernels = Kernels.of(DataType.FLOAT);
    INDArray x = values(random, rows, in);
    INDArray w = values(random, out, in);
    INDArray b = values(random, out);
    INDArray hidden = values(random, rows, out);
    INDArray y = values(random, rows, out);
    List<INDArray> results = new ArrayList<>(List.of(hidden, y));
    kernels.linearGelu(x, w, b, hidden, y);

    INDArray dx = values(random, rows, in);
    INDArray dw = values(random, out, in);
    INDArray db = values(random, out);
    kernels.linearBackward(x, x, w, y, dx, dw, db);
    results.addAll(List.of(dx, dw, db));

    INDArray gamma = values(random, in);
    INDArray beta = values(random, in);
    INDArray normal = values(random, rows, in);
    INDArray mean = values(random, rows);
    INDArray variance = values(random, rows);
    kernels.layerNorm(x, gamma, beta, 1e-6, normal, mean, variance);
    INDArray dNormal = values(random, rows, in);
    INDArray dGamma = values(random, in);
    INDArray dBeta = values(random, in);
    kernels.layerNormBackward(x, dx, gamma, mean, variance, 1e-6, normal, dNormal, dGamma, dBeta);
    results.addAll(List.of(normal, dNormal, dGamma, dBeta));

    AttentionShape shape = new AttentionShape(5, tokens, heads, 8);
    INDArray qkv = values(random, 5 * tokens, 3 * shape.width());
    INDArray probabilities = values(random, 5 * heads * tokens, tokens);
    INDArray context = values(random, 5 * tokens, shape.width());
    kernels.attention(qkv, shape, probabilities, context);
    INDArray dQkv = values(random, 5 * tokens, 3 * shape.width());
    kernels.attentionBackward(qkv, shape, probabilities, context, dQkv);
    results.addAll(List.of(probabilities, context, dQkv));

    int[] some = random.ints(rows, 0, rows).toArray();
    kernels.addRows(x, some, normal, some);
    int[] targets = random.ints(rows, 0, out).toArray();
    double loss = kernels.softmaxCrossEntropy(y, targets, 1.0 / rows);
    results.add(Nd4j.scalar((float) loss).reshape(1));
    return results.stream().map(NativeMemory::toArray).toList();
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
