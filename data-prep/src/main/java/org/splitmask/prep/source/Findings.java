/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import org.splitmask.prep.source.archive.Archive;
import org.splitmask.prep.source.file.SourceStatus;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.parquet.ParquetFile;

/** What the names of a filesystem are to a listing. */
final class Findings {
  private Findings() {}

  /** What a file or folder is; its name says whether a file is a container. */
  static Finding of(String root, SourceStatus status, int depth) {
    if (!status.isFile()) {
      return status.isFolder()
          ? new Folder(root, status.path(), depth)
          : Finding.unreadable(root, status.path(), status.trouble());
    }
    ContainerFormat format = ContainerFormat.of(status.name());
    if (format == null) {
      return Finding.plain(root, status);
    }
    return switch (format) {
      case TAR, ZIP -> new Archive(root, status.path(), format);
      case PARQUET -> new ParquetFile(root, status.path());
    };
  }
}
