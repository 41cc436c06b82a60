/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where a patch table lives: its Iceberg tables, the records of its runs and its codebooks, and
 * what keeps two writers apart.
 */
@NullMarked
package org.splitmask.prep.table.home;

import org.jspecify.annotations.NullMarked;
