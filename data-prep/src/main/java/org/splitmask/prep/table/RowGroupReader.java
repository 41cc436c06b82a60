/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;

/** Reads the pictures of a row group; needs Parquet and Hadoop's client, not Spark. */
public final class RowGroupReader {
  private static final List<String> COLUMNS =
      List.of(
          TableLayout.IMAGE_ID,
          TableLayout.PATH,
          TableLayout.LABEL,
          TableLayout.PATCHES,
          TableLayout.IMAGE_SIZE,
          TableLayout.CHANNELS);

  private RowGroupReader() {}

  /**
   * The rows, in the file's order.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data when the file is gone
   *     or its rows are not what the row group or they themselves say
   * @throws java.io.UncheckedIOException when the storage fails
   */
  public static List<PatchRow> read(RowGroup group, Configuration hadoop) {
    List<@Nullable Object[]> found =
        ParquetRows.read(group.file(), group.ordinal(), COLUMNS, hadoop);
    Check.data(
        found.size() == group.rows(),
        "row group %d of %s has %d rows, %d were expected; was the file replaced?",
        group.ordinal(),
        group.file(),
        found.size(),
        group.rows());
    List<PatchRow> rows = new ArrayList<>(found.size());
    for (@Nullable Object[] values : found) {
      rows.add(row(group, values));
    }
    return rows;
  }

  private static PatchRow row(RowGroup group, @Nullable Object[] values) {
    byte[] patches = (byte[]) requireNonNull(values[3]);
    int side = (Integer) requireNonNull(values[4]);
    int channels = (Integer) requireNonNull(values[5]);
    Check.data(
        patches.length == side * side * channels,
        "the patches of %s in %s have %d bytes, %d×%d×%d were expected; prepare the table again",
        values[1],
        group.file(),
        patches.length,
        side,
        side,
        channels);
    return new PatchRow(
        (String) requireNonNull(values[0]),
        (String) requireNonNull(values[1]),
        (String) values[2],
        patches);
  }
}
