/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

/** What the names of a filesystem are to a listing. */
final class SourceKinds {
  private SourceKinds() {}

  /** What a file or folder is; its name says whether a file is a container. */
  static Found of(String root, SourceStatus status, int depth) {
    if (!status.isFile()) {
      return status.isFolder()
          ? new Folder(root, status.path(), depth)
          : Found.unreadable(root, status.path(), status.trouble());
    }
    ContainerFormat format = ContainerFormat.of(status.name());
    if (format == null) {
      return Found.plain(root, status);
    }
    return switch (format) {
      case TAR, ZIP -> new Archive(root, status.path(), format);
      case PARQUET -> new ParquetFile(root, status.path());
    };
  }
}
