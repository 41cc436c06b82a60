/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import org.splitmask.prep.table.write.ExistingRows;

/** How a run treats what an earlier run left in the table. */
public record RerunPolicy(
    ExistingRows existing, ChangeCheck check, Vanished vanished, Failed failed)
    implements Serializable {
  /** What rerunning a command without options does. */
  public static final RerunPolicy INCREMENTAL =
      new RerunPolicy(ExistingRows.KEPT, ChangeCheck.STAMP, Vanished.REMOVED, Failed.KEPT);

  /** How a changed file is noticed. */
  public enum ChangeCheck {
    /** By its size and modification time. */
    STAMP,
    /** By its bytes: every file is read. */
    CONTENT
  }

  /** What becomes of the rows of files that an input no longer has. */
  public enum Vanished {
    REMOVED,
    KEPT
  }

  /** What becomes of files that were rejected and did not change. */
  public enum Failed {
    KEPT,
    RETRIED
  }
}
