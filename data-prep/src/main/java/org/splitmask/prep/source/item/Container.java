/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.BrokenItemException.Kind;

/**
 * A file that holds many items. Open to every kind of file, which brings its own listing: what is
 * here knows none of them.
 */
public non-sealed interface Container extends Finding {
  /** The input that it was found under. */
  String root();

  String path();

  ContainerFormat format();

  /**
   * What stands before "!/" in its items' paths: the file, unless its items are known otherwise.
   */
  default String prefix(SourceContext context) {
    return path();
  }

  /**
   * What a file holds that is there and has bytes, and what is to be said of it.
   *
   * @throws BrokenItemException if it is nothing like what its name says
   * @throws IOException when the storage fails
   */
  Iterator<Finding> list(ContainerFile file, SourceContext context) throws IOException;

  /**
   * What is in it. What is damaged is an item, too, whose reading fails; a file that is nothing
   * like what its name says is one such item.
   *
   * @throws IOException when the storage fails
   * @throws org.splitmask.common.failure.SplitMaskException when a column is not there
   */
  default Iterator<Finding> list(SourceContext context) throws IOException {
    SourceStatus status;
    try {
      status = SourceFiles.status(path(), context.hadoop());
    } catch (FileNotFoundException e) {
      return broken(file(context, 0, 0), Kind.UNREADABLE, "it is gone");
    }
    ContainerFile file = file(context, status.length(), status.modified());
    if (status.length() == 0) {
      return broken(file, Kind.EMPTY, "the file has no bytes");
    }
    try {
      return list(file, context);
    } catch (UncheckedIOException e) {
      return brokenOrThrow(file, SourceFiles.cause(e), context);
    } catch (IOException e) {
      return brokenOrThrow(file, e, context);
    }
  }

  private ContainerFile file(SourceContext context, long length, long modified) {
    return ContainerFile.of(root(), prefix(context), path(), length, modified);
  }

  private Iterator<Finding> brokenOrThrow(
      ContainerFile file, IOException failure, SourceContext context) throws IOException {
    if (failure instanceof BrokenItemException broken) {
      String other = Placeholders.describe(path(), format(), context.hadoop());
      String detail = other == null ? String.valueOf(broken.getMessage()) : other;
      return broken(file, broken.kind(), detail);
    }
    if (SourceReader.isOfTheItem(failure)) {
      return broken(file, Kind.UNREADABLE, SourceReader.describe(failure));
    }
    throw failure;
  }

  private static Iterator<Finding> broken(ContainerFile file, Kind kind, String detail) {
    return List.<Finding>of(
            new Finding.Item(file.broken(kind, detail)),
            new Finding.Damage(file.prefix(), detail, Finding.Damage.UNKNOWN))
        .iterator();
  }
}
