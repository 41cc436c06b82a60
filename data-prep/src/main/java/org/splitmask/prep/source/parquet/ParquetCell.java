/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.parquet;

import java.io.IOException;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;

/**
 * A value of a Parquet column.
 *
 * @param position the row's number in the file
 */
record ParquetCell(String container, ColumnName column, long position) implements ItemLocation {
  @Override
  public Access access() {
    return Access.SEQUENTIAL;
  }

  /** A missing value has no bytes: it is judged as an empty file is. */
  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    ParquetColumn cells =
        open.open(
            new Key(container, column),
            ParquetColumn.class,
            any -> true,
            () -> ParquetColumn.open(container, column, open.hadoop()));
    byte[] bytes = cells.bytes(position, atMost);
    return bytes == null ? new byte[0] : bytes;
  }

  private record Key(String container, ColumnName column) {}
}
