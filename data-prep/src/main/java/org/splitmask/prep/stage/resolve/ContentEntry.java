/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.compare.Stamps;
import org.splitmask.prep.table.FileStamp;
import org.splitmask.prep.table.KnownRow;

/** What is known under one content: the files that have it now, and the rows that it had. */
public sealed interface ContentEntry extends Serializable {

  /** The table's row of the path and this content. */
  @Nullable KnownRow known();

  /**
   * A file that has the content.
   *
   * @param known the table's row of this very path and content
   * @param refused why it was not read, if it was not
   * @param content its bytes, where reading it again would be slow
   */
  // An array, because it may be all there is of a picture.
  @SuppressWarnings("ArrayRecordComponent")
  record Present(
      SourceItem item,
      Standing standing,
      @Nullable KnownRow known,
      @Nullable Refused refused,
      byte @Nullable [] content)
      implements ContentEntry {

    Present(
        SourceItem item, Standing standing, @Nullable KnownRow known, @Nullable Refused refused) {
      this(item, standing, known, refused, null);
    }

    /** What the table is to say of the file: what it says already, where the file is untouched. */
    FileStamp file() {
      FileStamp now = Stamps.of(item);
      return known != null && known.file().looksLike(now) ? known.file() : now;
    }

    boolean isListed() {
      return standing != Standing.RETAINED;
    }
  }

  /**
   * A row of a path that no longer has the content, by what became of the path.
   *
   * @param input where the path was looked for, if it is gone
   */
  record Vacated(KnownRow known, Cause cause, @Nullable String input) implements ContentEntry {}

  /** How a present file stands to the table. */
  enum Standing {
    /** Its path is new to the table. */
    NEW,
    /** The table has its path, with other content. */
    REPLACED,
    /** The table has it. */
    SAME,
    /** The table has it, from an input that this run does not look into. */
    RETAINED
  }

  /** Why a path no longer has a content. */
  enum Cause {
    GONE,
    CHANGED
  }
}
