/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of Parquet files and Iceberg tables hold what.
 *
 * @param bytes a picture's file
 * @param name what a row is known by, also when it moves to another file; none: its number
 */
public record ParquetColumns(
    ColumnName bytes,
    @Nullable ColumnName name,
    @Nullable ColumnName label,
    @Nullable ColumnName split,
    @Nullable ColumnName group)
    implements Serializable {
  public ParquetColumns map(UnaryOperator<ColumnName> resolve) {
    return new ParquetColumns(
        resolve.apply(bytes),
        name == null ? null : resolve.apply(name),
        label == null ? null : resolve.apply(label),
        split == null ? null : resolve.apply(split),
        group == null ? null : resolve.apply(group));
  }
}
