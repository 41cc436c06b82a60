/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine.host;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.kernel.library.Parts;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.LayerRates;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.OptimizerState;

/**
 * AdamW over the flat parameter vector, between the network's native memory and the arrays that
 * travel. Threads share each pass in parts that stay in the cache from the copy to the arithmetic.
 */
final class FlatOptimizer {
  /** Elements of a part, whatever the threads: sums over parts are added in their order. */
  private static final int PART = 1 << 16;

  private final AdamW adamW;
  private final List<ParameterManifest.Entry> entries;
  private final double[] rateFactors;
  private final float[] gradient;

  /** The sum over the mini-batches of an update; empty where there is one of them. */
  private final double[] sum;

  FlatOptimizer(Optimisation optimisation, ParameterManifest manifest) {
    this.adamW = optimisation.adamW();
    this.entries = manifest.entries();
    this.rateFactors = LayerRates.of(manifest, optimisation.layerDecay());
    this.gradient = new float[manifest.length()];
    this.sum = new double[optimisation.batchesPerUpdate() > 1 ? gradient.length : 0];
  }

  /** Starts a sum of gradients. */
  void clearSum() {
    Arrays.fill(sum, 0);
  }

  /** Adds a mini-batch's gradient to the sum. */
  void accumulate(INDArray gradients, double weight) {
    Parts.within(sum.length, PART)
        .each(
            (from, to) -> {
              NativeMemory.copy(gradients, from, gradient, from, to - from);
              for (int i = from; i < to; i++) {
                sum[i] += weight * gradient[i];
              }
            });
  }

  /** Writes the sum to where a single mini-batch's gradient would be. */
  void moveSum(INDArray gradients) {
    for (int i = 0; i < sum.length; i++) {
      gradient[i] = (float) sum[i];
    }
    NativeMemory.copy(gradient, gradients);
  }

  /** Reads the gradient; its Euclidean norm. */
  double read(INDArray gradients) {
    Parts parts = Parts.within(gradient.length, PART);
    double[] squares = new double[parts.count()];
    parts.each(
        (from, to) -> {
          NativeMemory.copy(gradients, from, gradient, from, to - from);
          squares[from / parts.size()] = squaredNorm(gradient, from, to);
        });
    return Math.sqrt(Arrays.stream(squares).sum());
  }

  /**
   * One update with the gradient that was read.
   *
   * @param state updated in place
   * @param scale the factor on the gradient
   * @param update its number, from 1
   * @param parameters of the network, written
   */
  void update(OptimizerState state, float scale, double rate, long update, INDArray parameters) {
    Parts.within(gradient.length, PART)
        .each(
            (from, to) -> {
              for (int i = 0; i < entries.size(); i++) {
                ParameterManifest.Entry entry = entries.get(i);
                int first = Math.max(from, entry.offset());
                int end = Math.min(to, entry.offset() + entry.length());
                if (first < end) {
                  double entryRate = rate * rateFactors[i];
                  adamW.update(
                      state, gradient, scale, first, end, entry.spec().decay(), entryRate, update);
                }
              }
              NativeMemory.copy(state.parameters(), from, parameters, from, to - from);
            });
  }

  /** In four partial sums: one would wait for each addition. */
  private static double squaredNorm(float[] vector, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += (double) vector[i] * vector[i];
      s1 += (double) vector[i + 1] * vector[i + 1];
      s2 += (double) vector[i + 2] * vector[i + 2];
      s3 += (double) vector[i + 3] * vector[i + 3];
    }
    for (; i < to; i++) {
      s0 += (double) vector[i] * vector[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
