/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.RejectionReason;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.ContentEntry.Vacated;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.RowEdit;

/**
 * Decides what becomes of the files of one content. The rule knows no history: of equal files the
 * one with the smallest path is kept, so that a table that many runs made holds the same as one
 * made at once. Nothing is read here.
 */
final class GroupResolver {
  private final Labelling labelling;
  private final String runId;
  private final Tally tally;
  private final RejectedFiles rejections;

  /**
   * Makes a resolver.
   *
   * @param tally where it counts
   */
  GroupResolver(Labelling labelling, String runId, Tally tally) {
    this.labelling = labelling;
    this.runId = runId;
    this.tally = tally;
    this.rejections = new RejectedFiles(tally, labelling);
  }

  Resolution resolve(ContentGroup group) {
    List<RejectedRow> rejected = new ArrayList<>();
    List<Present> members = new ArrayList<>();
    KnownRow.Picture row = null;
    Vacated vacatedRow = null;
    RejectedRow fate = null;
    for (ContentEntry entry : group.entries()) {
      KnownRow known = entry.known();
      if (known instanceof KnownRow.Picture picture) {
        row = picture;
        vacatedRow = entry instanceof Vacated vacated ? vacated : null;
      }
      if (entry instanceof Vacated vacated) {
        count(vacated);
      } else if (isUnread((Present) entry)) {
        rejected.add(rejectUnread((Present) entry));
      } else {
        members.add((Present) entry);
        fate = known != null && CompareWithTable.hasFailed(known) ? rowOf(known) : fate;
      }
    }
    if (row != null) {
      if (members.isEmpty() && vacatedRow != null && vacatedRow.input() != null) {
        tally.lost(vacatedRow.input());
      }
      return keep(group.hash(), row, members, rejected);
    }
    if (fate != null) {
      for (Present member : members) {
        rejected.add(rejections.reject(member, group.hash(), refusal(fate)));
      }
      return new Resolution(null, rejected, List.of());
    }
    tally.count(Count.UNDECIDED, members.size());
    return new Resolution(null, rejected, members);
  }

  /** Counts a picture that was decoded. */
  PictureInfo accept(Present member, PictureInfo info) {
    countAccepted(member);
    tally.standing(info);
    return info;
  }

  RejectedFiles rejections() {
    return rejections;
  }

  private void count(Vacated vacated) {
    if (vacated.known() instanceof KnownRow.Rejected) {
      tally.count(Count.REJECTED_CHANGED);
    } else if (vacated.cause() == Cause.GONE) {
      tally.count(Count.REMOVED);
    }
  }

  /** The table has the picture: its row goes on to stand for whichever file is the first now. */
  private Resolution keep(
      String hash, KnownRow.Picture row, List<Present> members, List<RejectedRow> rejected) {
    if (members.isEmpty()) {
      tally.count(Count.EDITED);
      return new Resolution(new RowEdit(row.dataFile(), hash, null), rejected, List.of());
    }
    Present keeper = members.get(0);
    Labelled labelled = labelled(keeper, hash, row.info());
    PictureInfo before = row.info();
    PictureInfo after = before.at(keeper.file(), labelled.label(), labelled.split(), runId);
    tally.standing(after);
    boolean sameLabel = labelled.equals(new Labelled(before.label(), before.split()));
    if (keeper.known() instanceof KnownRow.Picture) {
      tally.count(Count.UNCHANGED, keeper.isListed() ? 1 : 0);
      tally.count(Count.RELABELLED, sameLabel ? 0 : 1);
    } else {
      countAccepted(keeper);
    }
    for (Present other : members.subList(1, members.size())) {
      rejected.add(rejections.duplicate(other, hash, keeper, labelled, after));
    }
    if (sameLabel && isSameFile(before, after)) {
      return new Resolution(null, rejected, List.of());
    }
    tally.count(Count.EDITED);
    return new Resolution(new RowEdit(row.dataFile(), hash, after), rejected, List.of());
  }

  /**
   * The label and split of a file.
   *
   * @param row what the table says of the same bytes
   */
  Labelled labelled(Present member, String hash, @Nullable PictureInfo row) {
    boolean unlisted = member.standing() == Standing.RETAINED;
    return unlisted && member.known() instanceof KnownRow.Picture picture
        ? new Labelled(picture.info().label(), picture.info().split())
        : labelling.of(member.item(), hash, row);
  }

  private void countAccepted(Present member) {
    if (!member.isListed()) {
      return;
    }
    tally.count(Count.ACCEPTED);
    if (member.known() instanceof KnownRow.Rejected) {
      tally.count(Count.PROMOTED);
    }
    if (member.standing() == Standing.REPLACED) {
      tally.count(Count.REPLACED);
    }
  }

  /** Under which input a file was found is no reason to write its row anew. */
  private static boolean isSameFile(PictureInfo before, PictureInfo after) {
    return before.path().equals(after.path()) && before.file().looksLike(after.file());
  }

  private static boolean isUnread(Present present) {
    return present.refused() != null
        || (present.known() != null && present.known().imageId() == null);
  }

  private RejectedRow rejectUnread(Present present) {
    Refused refused = present.refused();
    Refused reason = refused != null ? refused : refusal(rowOf(requireNonNull(present.known())));
    return rejections.reject(present, null, reason);
  }

  private static RejectedRow rowOf(KnownRow known) {
    return ((KnownRow.Rejected) known).row();
  }

  private static Refused refusal(RejectedRow row) {
    return new Refused(RejectionReason.of(row.reason()), detail(row.detail()));
  }

  private static String detail(@Nullable String detail) {
    return detail == null ? "" : detail;
  }
}
