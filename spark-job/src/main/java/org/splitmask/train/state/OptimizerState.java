/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.Serializable;
import java.util.Arrays;
import org.splitmask.common.failure.Check;

/**
 * A model's state in whole vectors.
 *
 * @param parameters θ, in the layout of the task's manifest
 * @param firstMoment Adam's m
 * @param secondMoment Adam's v
 * @param updates how many updates have been made, over all rounds
 */
public record OptimizerState(
    float[] parameters, float[] firstMoment, float[] secondMoment, long updates)
    implements ModelState, Serializable {
  public OptimizerState {
    Check.invariant(
        parameters.length == firstMoment.length && parameters.length == secondMoment.length,
        "moments of another length than the parameters");
  }

  /** The state before the first update. */
  public static OptimizerState start(float[] parameters) {
    return new OptimizerState(
        parameters, new float[parameters.length], new float[parameters.length], 0);
  }

  /** Another state in whole vectors. */
  public static OptimizerState copyOf(ModelState state) {
    int length = state.segments().length();
    OptimizerState copy =
        new OptimizerState(
            new float[length], new float[length], new float[length], state.updates());
    copy.write(state);
    return copy;
  }

  /** Takes over another state's vectors, of the same length; not its updates. */
  public void write(ModelState state) {
    Segments segments = state.segments();
    Check.invariant(
        segments.length() == parameters.length,
        "a state of %d elements in place of one of %d",
        segments.length(),
        parameters.length);
    for (int s = 0; s < segments.count(); s++) {
      StateSegment segment = state.segment(s);
      int from = segments.from(s);
      System.arraycopy(segment.parameters(), 0, parameters, from, segment.length());
      if (segment.hasMoments()) {
        System.arraycopy(segment.firstMoment(), 0, firstMoment, from, segment.length());
        System.arraycopy(segment.secondMoment(), 0, secondMoment, from, segment.length());
      } else {
        Arrays.fill(firstMoment, from, from + segment.length(), 0);
        Arrays.fill(secondMoment, from, from + segment.length(), 0);
      }
    }
  }

  @Override
  public Segments segments() {
    return Segments.of(parameters.length);
  }

  @Override
  public float[] parameters(int index) {
    int from = segments().from(index);
    return Arrays.copyOfRange(parameters, from, from + segments().length(index));
  }

  @Override
  public StateSegment segment(int index) {
    int from = segments().from(index);
    int to = from + segments().length(index);
    return new StateSegment(
        Arrays.copyOfRange(parameters, from, to),
        Arrays.copyOfRange(firstMoment, from, to),
        Arrays.copyOfRange(secondMoment, from, to));
  }
}
