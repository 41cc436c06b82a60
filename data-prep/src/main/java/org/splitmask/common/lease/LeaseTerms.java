/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.lease;

import java.time.Duration;

/**
 * What a lease is for, and how long its holder may be silent.
 *
 * @param prefix of the names of its files
 * @param subject what is held, for messages: "the table file:/t"
 * @param held how it is held, for messages: "is being written by run"
 * @param beat the time between two signs of life
 * @param silence after which the holder is taken for dead
 * @param patience how long to watch a holder of another host before it is taken for alive; zero
 *     where a caller is to be refused at once
 */
public record LeaseTerms(
    String prefix,
    String subject,
    String held,
    Duration beat,
    Duration silence,
    Duration patience) {}
