/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The patch table: its schema, the rows that tasks write and the one commit, and a reader that
 * needs no Spark.
 */
@NullMarked
package org.splitmask.prep.table;

import org.jspecify.annotations.NullMarked;
