/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.CountedEvent.Conflict;
import org.splitmask.prep.stage.resolve.CountedEvent.Counted;
import org.splitmask.prep.stage.resolve.CountedEvent.FileRejected;
import org.splitmask.prep.stage.resolve.CountedEvent.FileUnread;
import org.splitmask.prep.stage.resolve.CountedEvent.RejectedStands;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.RejectedRow;

/** Makes the rows of rejected files. */
final class RejectedFiles {
  /**
   * A file that is no picture.
   *
   * @param hash of its bytes; none where the next reading may give others
   */
  Rejection reject(Present file, @Nullable String hash, Refused refused) {
    List<CountedEvent> events = new ArrayList<>();
    if (file.isListed()) {
      events.add(new Counted(Count.BAD));
      if (refused.reason() == RejectionReason.UNREADABLE) {
        events.add(new FileUnread(file.item().path(), refused.detail()));
      }
    }
    String reason = refused.reason().word();
    RejectedRow row = new RejectedRow(file.file(), hash, reason, refused.detail(), null);
    return rejection(file, row, events);
  }

  /**
   * A file with the same bytes as one that is kept.
   *
   * @param kept the label and split of the one that is kept
   * @param own the label and split of this one
   */
  Rejection duplicate(Present file, String hash, Present keeper, Labelled kept, Labelled own) {
    List<CountedEvent> events = new ArrayList<>();
    String detail = "the same bytes as another file";
    if (!own.equals(kept)) {
      detail += ", whose label and split are " + kept.describe() + " and not " + own.describe();
      events.add(new Conflict(file.item().path() + " and " + keeper.item().path() + ": " + detail));
    }
    String reason = RejectionReason.DUPLICATE.word();
    return rejection(
        file, new RejectedRow(file.file(), hash, reason, detail, keeper.file().path()), events);
  }

  private static Rejection rejection(Present file, RejectedRow row, List<CountedEvent> events) {
    events.add(new RejectedStands(row.reason()));
    RejectedRow before = file.known() instanceof KnownRow.Rejected known ? known.row() : null;
    if (!row.equals(before)) {
      events.add(new Counted(Count.REJECTED_CHANGED));
    }
    if (before != null && before.reason().equals(row.reason())) {
      events.add(new Counted(Count.UNCHANGED, file.isListed() ? 1 : 0));
    } else if (file.isListed()) {
      events.add(new FileRejected(file.item().path(), row.reason(), String.valueOf(row.detail())));
    }
    return new Rejection(row, events);
  }
}
