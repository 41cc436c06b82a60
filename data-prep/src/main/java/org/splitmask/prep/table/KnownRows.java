/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** Reads what a table knows of files, without the pixels. Needs no Spark. */
public final class KnownRows {
  private static final List<String> PICTURE_COLUMNS =
      List.of(
          TableLayout.IMAGE_ID,
          TableLayout.PATH,
          TableLayout.SOURCE_ROOT,
          TableLayout.LABEL,
          TableLayout.SPLIT,
          TableLayout.SOURCE_SIZE,
          TableLayout.SOURCE_MODIFIED,
          TableLayout.FORMAT,
          TableLayout.ORIGINAL_WIDTH,
          TableLayout.ORIGINAL_HEIGHT,
          TableLayout.COLOUR_PROFILE,
          TableLayout.RUN_ID);

  /** With the pixels behind them. */
  private static final List<String> ALL_PICTURE_COLUMNS =
      Stream.concat(PICTURE_COLUMNS.stream(), Stream.of(TableLayout.PATCHES)).toList();

  private static final List<String> REJECTED_COLUMNS =
      List.of(
          TableLayout.PATH,
          TableLayout.SOURCE_ROOT,
          TableLayout.SOURCE_SIZE,
          TableLayout.SOURCE_MODIFIED,
          TableLayout.IMAGE_ID,
          TableLayout.REASON,
          TableLayout.DETAIL,
          TableLayout.DUPLICATE_OF);

  private KnownRows() {}

  /** The rows of a data file of {@code patches}, a row group at a time. */
  public static Iterator<KnownRow> pictures(String dataFile, Configuration hadoop) {
    return rows(
        dataFile,
        PICTURE_COLUMNS,
        values -> new KnownRow.Picture(pictureInfo(dataFile, values), dataFile),
        hadoop);
  }

  /**
   * Visits the rows of a data file of {@code patches} with their pixels; a row group is in memory
   * at a time.
   *
   * @param visitor takes what a row says and its patches, uint8 [L, P, P, C] row-major
   */
  public static void visitPictures(
      String dataFile, Configuration hadoop, BiConsumer<PictureInfo, byte[]> visitor) {
    for (RowGroup group : ParquetRows.rowGroups(dataFile, hadoop)) {
      for (@Nullable Object[] values :
          ParquetRows.read(dataFile, group.ordinal(), ALL_PICTURE_COLUMNS, hadoop)) {
        byte[] patches = (byte[]) requireNonNull(values[values.length - 1]);
        visitor.accept(pictureInfo(dataFile, values), patches);
      }
    }
  }

  /** The rows of a data file of {@code rejected}, a row group at a time. */
  public static Iterator<KnownRow> rejected(String dataFile, Configuration hadoop) {
    return rows(
        dataFile, REJECTED_COLUMNS, values -> new KnownRow.Rejected(rejectedRow(values)), hadoop);
  }

  private static Iterator<KnownRow> rows(
      String dataFile,
      List<String> columns,
      Function<@Nullable Object[], KnownRow> row,
      Configuration hadoop) {
    return ParquetRows.rowGroups(dataFile, hadoop).stream()
        .flatMap(
            group -> ParquetRows.read(dataFile, group.ordinal(), columns, hadoop).stream().map(row))
        .iterator();
  }

  private static PictureInfo pictureInfo(String dataFile, @Nullable Object[] values) {
    String split = text(values[4]);
    return new PictureInfo(
        text(values[0]),
        text(values[1]),
        text(values[2]),
        (String) values[3],
        Split.of(split)
            .orElseThrow(
                () ->
                    Check.failure(
                        Blame.DATA,
                        "data file %s has the split '%s'; prepare the table again with --rebuild",
                        dataFile,
                        split)),
        number(values[5]),
        millis(values[6]),
        text(values[7]),
        (Integer) requireNonNull(values[8]),
        (Integer) requireNonNull(values[9]),
        (String) values[10],
        text(values[11]));
  }

  private static RejectedRow rejectedRow(@Nullable Object[] values) {
    return new RejectedRow(
        new FileStamp(text(values[0]), text(values[1]), number(values[2]), millis(values[3])),
        (String) values[4],
        text(values[5]),
        (String) values[6],
        (String) values[7]);
  }

  private static String text(@Nullable Object value) {
    return (String) requireNonNull(value);
  }

  private static long number(@Nullable Object value) {
    return (Long) requireNonNull(value);
  }

  /** Iceberg keeps microseconds. */
  private static long millis(@Nullable Object micros) {
    return TimeUnit.MICROSECONDS.toMillis(number(micros));
  }
}
