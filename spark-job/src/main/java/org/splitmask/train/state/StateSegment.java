/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * The same elements of θ and of Adam's moments; not copied, so not to be written to.
 *
 * @param parameters of θ
 * @param firstMoment of m
 * @param secondMoment of v
 */
// Arrays of millions of numbers.
@SuppressWarnings("ArrayRecordComponent")
public record StateSegment(float[] parameters, float[] firstMoment, float[] secondMoment)
    implements Serializable {
  public StateSegment {
    Check.invariant(
        parameters.length == firstMoment.length && parameters.length == secondMoment.length,
        "moments of another length than the parameters");
  }

  /** The number of elements of each vector. */
  public int length() {
    return parameters.length;
  }
}
