/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.BrokenItemException.Kind;

/**
 * A file that holds many items.
 *
 * @param table the table whose data file it is, if it is one
 */
public record Container(
    String root, String path, ContainerFormat format, @Nullable InTable table, Standing standing)
    implements Found {
  /**
   * The Iceberg table of a data file.
   *
   * @param columns with the table's field ids
   */
  record InTable(String folder, ParquetColumns columns) implements Serializable {}

  /** What lies beside it. */
  enum Standing {
    ALONE,
    /** An archive or folder of the same name, of which a Parquet file may be the index. */
    BESIDE_SHARD
  }

  Container(String root, String path, ContainerFormat format, @Nullable InTable table) {
    this(root, path, format, table, Standing.ALONE);
  }

  /** The same, beside an archive or folder of the same name. */
  Container besideShard() {
    return new Container(root, path, format, table, Standing.BESIDE_SHARD);
  }

  /**
   * What is in it. What is damaged is an item, too, whose reading fails; a file that is nothing
   * like what its name says is one such item.
   *
   * @throws IOException when the storage fails
   * @throws org.splitmask.common.failure.SplitMaskException when a column is not there
   */
  public Iterator<Found> found(SourceContext context) throws IOException {
    SourceStatus status;
    try {
      status = SourceFiles.status(path, context.hadoop());
    } catch (FileNotFoundException e) {
      return broken(
          new ContainerFile(this, context.columns(), 0, 0), Kind.UNREADABLE, "it is gone");
    }
    ContainerFile file =
        new ContainerFile(this, context.columns(), status.length(), status.modified());
    if (status.length() == 0) {
      return broken(file, Kind.EMPTY, "the file has no bytes");
    }
    try {
      return format.found(file, context);
    } catch (UncheckedIOException e) {
      return brokenOrThrow(file, SourceFiles.cause(e), context);
    } catch (IOException e) {
      return brokenOrThrow(file, e, context);
    }
  }

  private Iterator<Found> brokenOrThrow(
      ContainerFile file, IOException failure, SourceContext context) throws IOException {
    if (failure instanceof BrokenItemException broken) {
      String other = PlaceHolders.describe(path, format, context.hadoop());
      String detail = other == null ? String.valueOf(broken.getMessage()) : other;
      return broken(file, broken.kind(), detail);
    }
    if (SourceReader.isOfTheItem(failure)) {
      return broken(file, Kind.UNREADABLE, SourceReader.describe(failure));
    }
    throw failure;
  }

  private static Iterator<Found> broken(ContainerFile file, Kind kind, String detail) {
    return List.<Found>of(
            new Found.Item(file.broken(kind, detail)),
            new Found.Damage(file.prefix(), detail, Found.Damage.UNKNOWN))
        .iterator();
  }
}
