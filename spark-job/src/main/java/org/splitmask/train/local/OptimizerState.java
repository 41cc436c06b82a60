/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * What a worker starts a round from and comes back with.
 *
 * @param parameters θ, in the layout of the network's manifest
 * @param firstMoment Adam's m
 * @param secondMoment Adam's v
 * @param updates how many updates have been made, over all rounds
 */
public record OptimizerState(
    float[] parameters, float[] firstMoment, float[] secondMoment, long updates)
    implements Serializable {
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

  OptimizerState copy() {
    return new OptimizerState(
        parameters.clone(), firstMoment.clone(), secondMoment.clone(), updates);
  }

  OptimizerState afterUpdates(long count) {
    return new OptimizerState(parameters, firstMoment, secondMoment, updates + count);
  }
}
