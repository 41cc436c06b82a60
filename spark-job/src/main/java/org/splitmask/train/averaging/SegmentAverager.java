/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.Arrays;
import org.splitmask.common.failure.Check;
import org.splitmask.train.state.StateSegment;

/**
 * The weighted mean of one segment of what workers return, θ̄ = Σ w_i θ_i with w_i = n_i / Σn, and
 * of their Adam moments. Workers are added one at a time, in the order of their numbers, in double:
 * the sum depends neither on the order of arrival nor on where it is formed, and memory does not on
 * the number of workers.
 */
public final class SegmentAverager {
  private final long[] images;
  private final long allImages;
  private final boolean hasMoments;
  private final double[] parameters;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private int next;

  /**
   * An empty mean.
   *
   * @param length of the segment
   * @param hasMoments whether Adam's moments are averaged too
   * @param images n_i by worker, known from the plan, so that each weight is formed before its
   *     product and one worker's is exactly 1
   */
  public SegmentAverager(int length, boolean hasMoments, long[] images) {
    this.hasMoments = hasMoments;
    this.images = images.clone();
    this.allImages = Arrays.stream(images).sum();
    this.parameters = new double[length];
    this.firstMoment = new double[hasMoments ? length : 0];
    this.secondMoment = new double[hasMoments ? length : 0];
  }

  /** Adds the next worker's segment. */
  public void add(int worker, StateSegment segment) {
    Check.invariant(worker == next, "worker %d was added as number %d", worker, next);
    Check.invariant(
        segment.length() == parameters.length,
        "worker %d has %d elements in place of %d",
        worker,
        segment.length(),
        parameters.length);
    Check.invariant(
        segment.hasMoments() == hasMoments, "worker %d is alone with its moments", worker);
    double weight = (double) images[worker] / allImages;
    add(parameters, segment.parameters(), weight);
    if (hasMoments) {
      add(firstMoment, segment.firstMoment(), weight);
      add(secondMoment, segment.secondMoment(), weight);
    }
    next++;
  }

  /** The mean of all workers. */
  public StateSegment mean() {
    Check.invariant(next == images.length, "%d workers came back of %d", next, images.length);
    return new StateSegment(toFloat(parameters), toFloat(firstMoment), toFloat(secondMoment));
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
