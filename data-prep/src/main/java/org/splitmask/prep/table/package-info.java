/* SPDX-License-Identifier: Apache-2.0 */
/** Reads a patch table: its snapshots, their statistics and their rows; needs no Spark. */
@NullMarked
package org.splitmask.prep.table;

import org.jspecify.annotations.NullMarked;
