/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.BrokenItemException.Kind;

/**
 * A file that holds many items.
 *
 * @param table the table whose data file it is, if it is one
 */
public record Container(String root, String path, ContainerFormat format, @Nullable InTable table)
    implements Found {
  /**
   * The Iceberg table of a data file.
   *
   * @param columns with the table's field ids
   */
  record InTable(String folder, ParquetColumns columns) implements java.io.Serializable {}

  /**
   * The items in it. What is damaged is an item, too, whose reading fails; a file that is nothing
   * like what its name says is one such item.
   *
   * @param ignoredSidecar told of each sidecar that cannot be used: its name and why
   * @throws IOException when the storage fails
   * @throws org.splitmask.common.failure.SplitMaskException when a column is not there
   */
  public Iterator<SourceItem> items(SourceContext context, Consumer<String> ignoredSidecar)
      throws IOException {
    FileStatus status;
    try {
      status = SourceFiles.status(path, context.hadoop());
    } catch (FileNotFoundException e) {
      ContainerFile gone = new ContainerFile(this, context.columns(), 0, 0);
      return List.of(gone.broken(Kind.UNREADABLE, "it is gone")).iterator();
    }
    ContainerFile file =
        new ContainerFile(this, context.columns(), status.getLen(), status.getModificationTime());
    try {
      return format.items(file, context.hadoop(), ignoredSidecar);
    } catch (UncheckedIOException e) {
      return List.of(brokenOrThrow(file, SourceFiles.cause(e))).iterator();
    } catch (IOException e) {
      return List.of(brokenOrThrow(file, e)).iterator();
    }
  }

  private static SourceItem brokenOrThrow(ContainerFile file, IOException failure)
      throws IOException {
    if (failure instanceof BrokenItemException broken) {
      return file.broken(broken.kind(), String.valueOf(broken.getMessage()));
    }
    if (SourceReader.isOfTheItem(failure)) {
      return file.broken(Kind.UNREADABLE, String.valueOf(failure));
    }
    throw failure;
  }
}
