/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;

/**
 * How long a worker took for its part of a round.
 *
 * @param seconds in all
 * @param waiting of these, for mini-batches that were not made yet
 */
public record Pace(double seconds, double waiting) implements Serializable {}
