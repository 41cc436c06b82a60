/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

/**
 * What a round came to.
 *
 * @param state from which the next round starts; it can be read until the listener returns
 * @param metrics what is reported of it
 */
public record RoundResult(TrainingState state, RoundMetrics metrics) {}
