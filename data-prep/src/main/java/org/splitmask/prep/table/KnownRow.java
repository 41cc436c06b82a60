/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a table knows of a file before a run begins. */
public sealed interface KnownRow extends Serializable {
  FileStamp file();

  /** SHA-256 of its bytes; none where the table has a rejected file that was not read. */
  @Nullable String imageId();

  /**
   * A row of {@code patches}.
   *
   * @param dataFile the data file that holds it
   */
  record Picture(PictureInfo info, String dataFile) implements KnownRow {
    @Override
    public FileStamp file() {
      return info.file();
    }

    @Override
    public String imageId() {
      return info.imageId();
    }
  }

  /** A row of {@code rejected}. */
  record Rejected(RejectedRow row) implements KnownRow {
    @Override
    public FileStamp file() {
      return row.file();
    }

    @Override
    public @Nullable String imageId() {
      return row.imageId();
    }
  }
}
