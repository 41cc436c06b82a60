/* SPDX-License-Identifier: Apache-2.0 */
/** The workers of a round as Spark tasks, and how states travel to them and back. */
@NullMarked
package org.splitmask.train.averaging.spark;

import org.jspecify.annotations.NullMarked;
