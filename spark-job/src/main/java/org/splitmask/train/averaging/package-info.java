/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Rounds of workers and the average of what they return: the loop, the outer step, the state of a
 * run, and the workers as Spark tasks. Knows no network and nothing of DL4J.
 */
@NullMarked
package org.splitmask.train.averaging;

import org.jspecify.annotations.NullMarked;
