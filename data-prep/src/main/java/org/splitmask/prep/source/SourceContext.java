/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import org.apache.hadoop.conf.Configuration;

/**
 * What listing needs to know besides what is listed.
 *
 * @param columns of Parquet files and tables
 */
public record SourceContext(Configuration hadoop, ParquetColumns columns) {}
