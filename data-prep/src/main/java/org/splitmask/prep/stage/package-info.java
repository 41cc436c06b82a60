/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The Spark stage: find, hash, deal out by hash, decode and write, commit. What executors run are
 * named records of plain data.
 */
@NullMarked
package org.splitmask.prep.stage;

import org.jspecify.annotations.NullMarked;
