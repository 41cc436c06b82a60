/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ParquetColumns;

/** How sources are read; every key here changes rows. */
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
                "column with the name of each row, unique within its file or its Iceberg table;"
                    + " without it rows are named by their number")
        String nameColumn,
    @Key(
            defaultValue = "",
            help =
                "column of labels: text, whole numbers, decimals, dates, times or booleans; none if"
                    + " empty")
        String labelColumn,
    @Key(
            defaultValue = "",
            help = "column of splits, each train, validation or test; none if empty")
        String splitColumn,
    @Key(
            defaultValue = "",
            help = "column of groups, of the same types, for split-by=group; none if empty")
        String groupColumn,
    @Key(
            defaultValue = "",
            help =
                "charset of names in archives that are not UTF-8 and do not name their charset:"
                    + " cp437, gbk, shift_jis, euc-kr, iso-8859-1; without it their bytes are"
                    + " escaped")
        String archiveCharset,
    @Key(
            defaultValue = "auto",
            help =
                "auto: where all top folders of an input have names of splits (train, val,"
                    + " test), they give the split and not the label; ignore: they are ordinary"
                    + " folders")
        SplitFolders splitFolders)
    implements Serializable {
  /** How folders are read that have names of splits. */
  public enum SplitFolders {
    AUTO,
    IGNORE
  }

  public SourceConfig {
    Check.that(!bytesColumn.isBlank(), "bytes-column must name a column, was '%s'", bytesColumn);
    Check.that(
        archiveCharset.isEmpty() || isCharset(archiveCharset),
        "archive-charset '%s' is no charset that this Java knows; it knows cp437, gbk, shift_jis,"
            + " euc-kr, big5, iso-8859-1 and others",
        archiveCharset);
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
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
