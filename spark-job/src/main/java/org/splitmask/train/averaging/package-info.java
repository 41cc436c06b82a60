/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Rounds of workers and the average of what they return: the loop, the outer step, the state of a
 * run. Knows no network, nothing of Spark's and nothing of DL4J's.
 */
@NullMarked
package org.splitmask.train.averaging;

import org.jspecify.annotations.NullMarked;
