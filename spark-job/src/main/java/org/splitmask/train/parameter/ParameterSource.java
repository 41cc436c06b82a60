/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

/** A vector that is made a piece at a time, from its first element to its last. */
@FunctionalInterface
public interface ParameterSource {
  /** The next elements of the vector. */
  float[] next(int count);
}
