/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where pictures come from: what a listing finds, items, and the reading of their bytes from files,
 * archives and tables. Hadoop's file systems, no Spark.
 */
@NullMarked
package org.splitmask.prep.source;

import org.jspecify.annotations.NullMarked;
