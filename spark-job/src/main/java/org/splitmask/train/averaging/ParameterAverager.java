/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import org.splitmask.common.failure.Check;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.WorkerResult;

/**
 * The weighted mean of what workers return, θ̄ = Σ w_i θ_i with w_i = n_i / Σn, and of their Adam
 * moments. Results are added one at a time, in the order of workers, in double: the sum does not
 * depend on the order of arrival, and memory does not on the number of workers.
 */
final class ParameterAverager {
  private final double[] parameters;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private final long allImages;
  private long updates;
  private long addedImages;
  private int next;

  /**
   * An empty mean.
   *
   * @param length of θ
   * @param allImages Σn, known from the plan, so that each weight is formed before its product and
   *     one worker's is exactly 1
   */
  ParameterAverager(int length, long allImages) {
    this.parameters = new double[length];
    this.firstMoment = new double[length];
    this.secondMoment = new double[length];
    this.allImages = allImages;
  }

  /** Adds the next worker's result. */
  void add(WorkerResult result) {
    Check.invariant(
        result.worker() == next++, "worker %d was added as number %d", result.worker(), next - 1);
    double weight = (double) result.images() / allImages;
    add(parameters, result.state().parameters(), weight);
    add(firstMoment, result.state().firstMoment(), weight);
    add(secondMoment, result.state().secondMoment(), weight);
    updates = result.state().updates();
    addedImages += result.images();
  }

  /** The mean of what was added. */
  OptimizerState mean() {
    Check.invariant(addedImages == allImages, "%d images came back of %d", addedImages, allImages);
    return new OptimizerState(
        toFloat(parameters), toFloat(firstMoment), toFloat(secondMoment), updates);
  }

  private static void add(double[] sum, float[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  private static float[] toFloat(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
