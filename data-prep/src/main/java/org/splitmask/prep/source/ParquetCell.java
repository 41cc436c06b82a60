/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;

/**
 * A value of a Parquet column.
 *
 * @param position the row's number in the file
 */
record ParquetCell(String container, ColumnName column, long position) implements Place {
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
