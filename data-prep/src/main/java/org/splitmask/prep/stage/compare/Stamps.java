/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.FileStamp;

/** Between what sources call a file and what the table does. */
public final class Stamps {
  private Stamps() {}

  public static FileStamp of(SourceItem item) {
    return new FileStamp(item.path(), item.root(), item.size(), item.modified());
  }

  /** The item that a row was made of, as far as the row tells. */
  public static SourceItem item(FileStamp file) {
    return new SourceItem(file.sourceRoot(), file.path(), file.size(), file.modified());
  }
}
