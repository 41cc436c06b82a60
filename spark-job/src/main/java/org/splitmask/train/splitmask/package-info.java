/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The SplitMask objective: its mini-batches, its network around the encoder, its losses, and the
 * learning task that brings them together. Knows nothing of Spark.
 */
@NullMarked
package org.splitmask.train.splitmask;

import org.jspecify.annotations.NullMarked;
