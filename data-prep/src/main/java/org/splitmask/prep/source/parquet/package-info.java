/* SPDX-License-Identifier: Apache-2.0 */
/** Parquet files and Iceberg tables whose rows are pictures. */
@NullMarked
package org.splitmask.prep.source.parquet;

import org.jspecify.annotations.NullMarked;
