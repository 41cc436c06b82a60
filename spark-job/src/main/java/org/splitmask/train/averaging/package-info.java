/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Rounds of workers and the average of what they return; Spark and DL4J's Spark API appear here.
 */
@NullMarked
package org.splitmask.train.averaging;

import org.jspecify.annotations.NullMarked;
