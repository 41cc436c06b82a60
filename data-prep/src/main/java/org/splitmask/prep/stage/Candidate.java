/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.table.KnownRow;

/** A file that was listed, or that the table knows, or both. */
sealed interface Candidate extends Serializable {
  /** What was listed. */
  default @Nullable SourceItem item() {
    return null;
  }

  /**
   * To be read: new or changed, or asked for.
   *
   * @param known what the table knows of a file of that path
   */
  record Read(SourceItem item, @Nullable KnownRow known) implements Candidate {}

  /** Listed, and as the table knows it. */
  record Same(SourceItem item, KnownRow known) implements Candidate {}

  /** Not listed, and none of this run's business. */
  record Retained(KnownRow known) implements Candidate {}

  /** No longer there. */
  record Gone(KnownRow known) implements Candidate {}
}
