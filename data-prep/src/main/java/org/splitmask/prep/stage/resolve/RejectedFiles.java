/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.RejectionReason;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;

/** Makes the rows of rejected files, and counts them. */
final class RejectedFiles {
  private final Tally tally;
  private final Labelling labelling;

  RejectedFiles(Tally tally, Labelling labelling) {
    this.tally = tally;
    this.labelling = labelling;
  }

  /**
   * A file that is no picture.
   *
   * @param hash of its bytes; none where the next reading may give others
   */
  RejectedRow reject(Present file, @Nullable String hash, Refused refused) {
    if (file.isListed()) {
      tally.count(Count.BAD);
      if (refused.reason() == RejectionReason.UNREADABLE) {
        tally.unread(file.item().path(), refused.detail());
      }
    }
    String reason = refused.reason().word();
    return count(file, new RejectedRow(file.file(), hash, reason, refused.detail(), null));
  }

  /**
   * A file with the same bytes as one that is kept.
   *
   * @param row of the one that is kept
   */
  RejectedRow duplicate(Present file, String hash, Present keeper, Labelled kept, PictureInfo row) {
    Labelled own = labelling.of(file.item(), hash, row);
    String detail = "the same bytes as another file";
    if (!own.equals(kept)) {
      detail += ", whose label and split are " + kept.describe() + " and not " + own.describe();
      tally.conflict(file.item().path() + " and " + keeper.item().path() + ": " + detail);
    }
    String reason = RejectionReason.DUPLICATE.word();
    return count(file, new RejectedRow(file.file(), hash, reason, detail, keeper.file().path()));
  }

  private RejectedRow count(Present file, RejectedRow row) {
    tally.standing(row.reason());
    RejectedRow before = file.known() instanceof KnownRow.Rejected known ? known.row() : null;
    if (!row.equals(before)) {
      tally.count(Count.REJECTED_CHANGED);
    }
    if (before != null && before.reason().equals(row.reason())) {
      tally.count(Count.UNCHANGED, file.isListed() ? 1 : 0);
    } else if (file.isListed()) {
      tally.reject(file.item().path(), row.reason(), String.valueOf(row.detail()));
    }
    return row;
  }
}
