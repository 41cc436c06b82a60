/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where pictures come from: items and the reading of their bytes. Hadoop's file systems, no Spark.
 */
@NullMarked
package org.splitmask.prep.source;

import org.jspecify.annotations.NullMarked;
