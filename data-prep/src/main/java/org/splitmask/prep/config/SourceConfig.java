/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.ColumnName;
import org.splitmask.prep.source.ParquetColumns;

/** Columns of Parquet files and Iceberg tables; every key here changes rows. */
public record SourceConfig(
    @Key(
            defaultValue = "bytes",
            help =
                "column of Parquet files and Iceberg tables that holds a picture's file; dots reach"
                    + " into structs (image.bytes)")
        String bytesColumn,
    @Key(
            defaultValue = "",
            help =
                "column that names a row, uniquely in its file, or in its Iceberg table; without it"
                    + " rows are known by their number")
        String nameColumn,
    @Key(defaultValue = "", help = "column of labels, text or whole numbers; none if empty")
        String labelColumn,
    @Key(
            defaultValue = "",
            help = "column of splits, each train, validation or test; none if empty")
        String splitColumn,
    @Key(defaultValue = "", help = "column of groups, text or whole numbers; none if empty")
        String groupColumn)
    implements Serializable {
  public SourceConfig {
    Check.that(!bytesColumn.isBlank(), "bytes-column must name a column, was '%s'", bytesColumn);
  }

  /** The columns as sources read them. */
  public ParquetColumns columns() {
    return new ParquetColumns(
        new ColumnName(bytesColumn),
        ColumnName.optional(nameColumn),
        ColumnName.optional(labelColumn),
        ColumnName.optional(splitColumn),
        ColumnName.optional(groupColumn));
  }
}
