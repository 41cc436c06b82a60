/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.KnownRow;

/** A file that was listed, or that the table knows, or both. */
public sealed interface Candidate extends Serializable {
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

  /**
   * Not listed, and none of this run's business, or hidden from it.
   *
   * @param hiddenBy what cannot be opened and may have the file in it
   */
  record Retained(KnownRow known, @Nullable String hiddenBy) implements Candidate {}

  /**
   * No longer there.
   *
   * @param input where it was looked for; none for a row whose path has another one
   */
  record Gone(KnownRow known, @Nullable String input) implements Candidate {}

  /** What the table knows of it. */
  @Nullable KnownRow known();
}
