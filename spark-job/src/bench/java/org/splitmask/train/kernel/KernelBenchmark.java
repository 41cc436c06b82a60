/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.kernel.library.NativeMemory;

/**
 * Each kernel on the sizes of a block: R rows of width D, a hidden layer of 4·D, heads of width 64.
 * One array is used again each time, so that all of it is nearer than it is in a step.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseParallelGC", "-Xmx3g"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
public class KernelBenchmark {
  private static final double EPSILON = 1e-6;
  private static final int HEAD_WIDTH = 64;

  /** Sequences, tokens of each, and D: a mini-batch's A and B halves in ViT-S, and at width 192. */
  @Param({"32x98x384", "128x32x192"})
  public String size;

  @Param({"1", "2"})
  public int threads;

  /** Ours for float32, or stock ND4J's operations. */
  @Param("FAST")
  public Implementation implementation;

  /** Which kernels. */
  public enum Implementation {
    FAST,
    PORTABLE
  }

  private final Random random = new Random(1);
  private KernelThreads team;
  private Kernels kernels;
  private AttentionShape shape;
  private INDArray x;
  private INDArray y;
  private INDArray dx;
  private INDArray wide;
  private INDArray hidden;
  private INDArray weight;
  private INDArray weightGradient;
  private INDArray bias;
  private INDArray biasGradient;
  private INDArray gamma;
  private INDArray beta;
  private INDArray dGamma;
  private INDArray dBeta;
  private INDArray mean;
  private INDArray variance;
  private INDArray qkv;
  private INDArray dQkv;
  private INDArray probabilities;
  private int[] targets;
  private int[] rowsInOrder;

  /** Ends the threads. */
  @TearDown
  public void close() {
    team.close();
  }

  /** Fills everything with noise. */
  @Setup
  public void fill() {
    String[] sizes = size.split("x", -1);
    int sequences = Integer.parseInt(sizes[0]);
    int tokens = Integer.parseInt(sizes[1]);
    int width = Integer.parseInt(sizes[2]);
    int rows = sequences * tokens;
    this.team = new KernelThreads(threads);
    this.kernels =
        implementation == Implementation.FAST ? FloatKernels.INSTANCE : PortableKernels.INSTANCE;
    this.shape = new AttentionShape(sequences, tokens, width / HEAD_WIDTH, HEAD_WIDTH);
    this.x = noise(rows, width);
    this.y = noise(rows, width);
    this.dx = noise(rows, width);
    this.wide = noise(rows, 4 * width);
    this.hidden = noise(rows, 4 * width);
    this.weight = noise(4 * width, width);
    this.weightGradient = noise(4 * width, width);
    this.bias = noise(4 * width);
    this.biasGradient = noise(4 * width);
    this.gamma = noise(width);
    this.beta = noise(width);
    this.dGamma = noise(width);
    this.dBeta = noise(width);
    this.mean = noise(rows);
    this.variance = noise(rows).muli(0).addi(1);
    this.qkv = noise(rows, 3 * width);
    this.dQkv = noise(rows, 3 * width);
    this.probabilities = noise((long) sequences * shape.heads() * tokens, tokens);
    this.targets = random.ints(rows, 0, 4 * width).toArray();
    this.rowsInOrder = new int[rows];
    for (int i = 0; i < rows; i++) {
      rowsInOrder[i] = i;
    }
    run(() -> kernels.attention(qkv, shape, probabilities, y));
  }

  /** D to 4·D. */
  @Benchmark
  public void linear() {
    run(() -> kernels.linear(x, weight, bias, null, wide));
  }

  /** D to 4·D, and GELU. */
  @Benchmark
  public void linearGelu() {
    run(() -> kernels.linearGelu(x, weight, bias, hidden, wide));
  }

  /** Both gradients of D to 4·D. */
  @Benchmark
  public void linearBackward() {
    run(() -> kernels.linearBackward(x, null, weight, wide, dx, weightGradient, biasGradient));
  }

  @Benchmark
  public void layerNorm() {
    run(() -> kernels.layerNorm(x, gamma, beta, EPSILON, y, mean, variance));
  }

  @Benchmark
  public void layerNormBackward() {
    run(
        () ->
            kernels.layerNormBackward(x, y, gamma, mean, variance, EPSILON, x, dx, dGamma, dBeta));
  }

  @Benchmark
  public void attention() {
    run(() -> kernels.attention(qkv, shape, probabilities, y));
  }

  @Benchmark
  public void attentionBackward() {
    run(() -> kernels.attentionBackward(qkv, shape, probabilities, x, dQkv));
  }

  /** Over 4·D classes; the logits are gradients after the first time, which costs the same. */
  @Benchmark
  public double softmaxCrossEntropy() {
    return team.call(() -> kernels.softmaxCrossEntropy(wide, targets, 1));
  }

  @Benchmark
  public void addRows() {
    run(() -> kernels.addRows(x, rowsInOrder, dx, rowsInOrder));
  }

  private void run(Runnable kernel) {
    team.call(
        () -> {
          kernel.run();
          return true;
        });
  }

  private INDArray noise(long... sizes) {
    INDArray array = Nd4j.create(DataType.FLOAT, sizes);
    float[] values = new float[(int) array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.1f;
    }
    NativeMemory.copy(values, array);
    return array;
  }
}
