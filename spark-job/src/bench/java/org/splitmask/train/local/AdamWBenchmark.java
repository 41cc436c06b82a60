/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.parameter.ParameterSpec.Decay;
import org.splitmask.train.state.OptimizerState;

/** AdamW over a flat vector on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseParallelGC", "-Xmx3g"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
public class AdamWBenchmark {
  /** A part that stays in the cache, and the parameters of ViT-S with its head. */
  @Param({"65536", "30000000"})
  public int parameters;

  private final AdamW adamW = new AdamW(0.9, 0.999, 1e-8, 0.05);
  private OptimizerState state;
  private float[] gradient;

  /** Fills everything with noise. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    float[] start = new float[parameters];
    this.gradient = new float[parameters];
    for (int i = 0; i < parameters; i++) {
      start[i] = random.nextFloat();
      gradient[i] = random.nextFloat() - 0.5f;
    }
    this.state = OptimizerState.start(start);
  }

  @Benchmark
  public float[] update() {
    adamW.update(state, gradient, 1f, 0, parameters, Decay.DECAYED, 1e-3, 100);
    return state.parameters();
  }
}
