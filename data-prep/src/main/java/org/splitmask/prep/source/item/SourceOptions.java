/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;

/**
 * What a run says of its sources.
 *
 * @param columns of Parquet files and tables
 * @param archiveCharset the charset of names in archives that are no UTF-8; empty: none
 * @param output where the table is to be, links followed; no input may lead there
 */
public record SourceOptions(ParquetColumns columns, String archiveCharset, String output)
    implements Serializable {}
