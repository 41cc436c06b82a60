/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Serializable;
import org.apache.hadoop.fs.FileStatus;

/** What a listing finds: an item, a container of items, or something to be listed in its turn. */
public sealed interface Found extends Serializable permits Found.Item, Container, Pending {
  /** A plain file. */
  record Item(SourceItem item) implements Found {}

  /** What a file or folder is; its name says whether a file is a container. */
  static Found of(String root, FileStatus status, int depth) {
    String path = status.getPath().toString();
    if (status.isDirectory()) {
      return new Folder(root, path, depth);
    }
    ContainerFormat format = ContainerFormat.of(status.getPath().getName());
    return format == null || status.getLen() == 0
        ? plain(root, status)
        : new Container(root, path, format, null);
  }

  /** The file as it is, whatever its name says. */
  static Found plain(String root, FileStatus status) {
    return new Item(
        new SourceItem(
            root, status.getPath().toString(), status.getLen(), status.getModificationTime()));
  }
}
