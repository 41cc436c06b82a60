/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.Serial;
import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * The same elements of θ and of Adam's moments; not copied, so not to be written to.
 *
 * @param parameters of θ
 * @param firstMoment of m; empty where moments do not travel, and are zero
 * @param secondMoment of v, likewise
 */
// Arrays of millions of numbers.
@SuppressWarnings("ArrayRecordComponent")
public record StateSegment(float[] parameters, float[] firstMoment, float[] secondMoment)
    implements Serializable {
  private static final float[] NONE = {};

  public StateSegment {
    Check.invariant(
        firstMoment.length == secondMoment.length
            && (firstMoment.length == 0 || firstMoment.length == parameters.length),
        "moments of another length than the parameters");
  }

  /** The same parameters alone. */
  public StateSegment withoutMoments() {
    return new StateSegment(parameters, NONE, NONE);
  }

  /** Whether it has Adam's moments. */
  public boolean hasMoments() {
    return firstMoment.length == parameters.length;
  }

  @Serial
  private Object writeReplace() {
    return SegmentBytes.of(this);
  }

  /** The number of elements of each vector. */
  public int length() {
    return parameters.length;
  }
}
