/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.PictureInfo;

/** What became of a file or a row, to be counted. Who decides only tells it; a tally adds it up. */
sealed interface CountedEvent {
  void addTo(Tally tally);

  /** Something that is only counted. */
  record Counted(Count what, long times) implements CountedEvent {
    Counted(Count what) {
      this(what, 1);
    }

    @Override
    public void addTo(Tally tally) {
      tally.count(what, times);
    }
  }

  /** A picture that is in the table after the run. */
  record PictureStands(PictureInfo info) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.standing(info);
    }
  }

  /** A row that is among the rejected ones after the run. */
  record RejectedStands(String reason) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.standing(reason);
    }
  }

  /** A picture leaves the table, because an input no longer has it. */
  record PictureLost(String input) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.lost(input);
    }
  }

  /** A listed file was rejected that was not rejected so before. */
  record FileRejected(String path, String reason, String detail) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.reject(path, reason, detail);
    }
  }

  /** A listed file cannot be read. */
  record FileUnread(String path, String detail) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.unread(path, detail);
    }
  }

  /** A duplicate has another label or split than its keeper. */
  record Conflict(String description) implements CountedEvent {
    @Override
    public void addTo(Tally tally) {
      tally.conflict(description);
    }
  }
}
