/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;

/**
 * How long a worker took for its part of a round.
 *
 * @param seconds in all
 * @param receiving of these, to take over the state with which the round begins
 * @param waiting of these, for mini-batches that were not made yet
 */
public record Pace(double seconds, double receiving, double waiting) implements Serializable {}
