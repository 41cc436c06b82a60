/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.stage.resolve.ContentEntry.Cause;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.stage.resolve.ContentEntry.Standing;
import org.splitmask.prep.stage.resolve.ContentEntry.Vacated;
import org.splitmask.prep.stage.resolve.CountedEvent.Counted;
import org.splitmask.prep.stage.resolve.CountedEvent.PictureLost;
import org.splitmask.prep.stage.resolve.CountedEvent.PictureStands;
import org.splitmask.prep.stage.resolve.Tally.Count;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.write.RowEdit;

/**
 * Decides what becomes of the files of one content, and says what is to be counted of it. The rule
 * knows no history: of equal files the one with the smallest path is kept, so that a table that
 * many runs made holds the same as one made at once. Nothing is read here, and nothing is kept
 * between contents.
 */
final class GroupResolver {
  private final Labelling labelling;
  private final String runId;
  private final RejectedFiles rejections;

  GroupResolver(Labelling labelling, String runId) {
    this.labelling = labelling;
    this.runId = runId;
    this.rejections = new RejectedFiles();
  }

  String runId() {
    return runId;
  }

  Resolution resolve(ContentGroup group) {
    Decided decided = new Decided();
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
        count(vacated, decided);
      } else if (isUnread((Present) entry)) {
        decided.add(rejectUnread((Present) entry));
      } else {
        members.add((Present) entry);
        fate = known != null && CompareWithTable.hasFailed(known) ? rowOf(known) : fate;
      }
    }
    if (row != null) {
      if (members.isEmpty() && vacatedRow != null && vacatedRow.input() != null) {
        decided.add(new PictureLost(vacatedRow.input()));
      }
      return keep(group.hash(), row, members, decided);
    }
    if (fate != null) {
      for (Present member : members) {
        decided.add(rejections.reject(member, group.hash(), refusal(fate)));
      }
      return decided.resolution(null, List.of());
    }
    decided.add(Count.UNDECIDED, members.size());
    return decided.resolution(null, members);
  }

  /** What is decided of one content so far. */
  private static final class Decided {
    private final List<RejectedRow> rejected = new ArrayList<>();
    private final List<CountedEvent> events = new ArrayList<>();

    void add(Rejection rejection) {
      rejected.add(rejection.row());
      events.addAll(rejection.events());
    }

    void add(CountedEvent event) {
      events.add(event);
    }

    void add(Count what, int times) {
      if (times > 0) {
        events.add(new Counted(what, times));
      }
    }

    Resolution resolution(@Nullable RowEdit edit, List<Present> undecided) {
      return new Resolution(edit, rejected, undecided, events);
    }
  }

  /** What is to be counted of a picture that was decoded. */
  static List<CountedEvent> accepted(Present member, PictureInfo info) {
    List<CountedEvent> events = new ArrayList<>(accepted(member));
    events.add(new PictureStands(info));
    return events;
  }

  RejectedFiles rejections() {
    return rejections;
  }

  private static void count(Vacated vacated, Decided decided) {
    if (vacated.known() instanceof KnownRow.Rejected) {
      decided.add(Count.REJECTED_CHANGED, 1);
    } else if (vacated.cause() == Cause.GONE) {
      decided.add(Count.REMOVED, 1);
    }
  }

  /** The table has the picture: its row goes on to stand for whichever file is the first now. */
  private Resolution keep(
      String hash, KnownRow.Picture row, List<Present> members, Decided decided) {
    if (members.isEmpty()) {
      decided.add(Count.EDITED, 1);
      return decided.resolution(new RowEdit(row.dataFile(), hash, null), List.of());
    }
    Present keeper = members.get(0);
    Labelled labelled = labelled(keeper, hash, row.info());
    PictureInfo before = row.info();
    PictureInfo after = before.at(keeper.file(), labelled.label(), labelled.split(), runId);
    decided.add(new PictureStands(after));
    boolean sameLabel = labelled.equals(new Labelled(before.label(), before.split()));
    if (keeper.known() instanceof KnownRow.Picture) {
      decided.add(Count.UNCHANGED, keeper.isListed() ? 1 : 0);
      decided.add(Count.RELABELLED, sameLabel ? 0 : 1);
    } else {
      accepted(keeper).forEach(decided::add);
    }
    for (Present other : members.subList(1, members.size())) {
      decided.add(
          rejections.duplicate(other, hash, keeper, labelled, labelled(other, hash, after)));
    }
    if (sameLabel && isSameFile(before, after)) {
      return decided.resolution(null, List.of());
    }
    decided.add(Count.EDITED, 1);
    return decided.resolution(new RowEdit(row.dataFile(), hash, after), List.of());
  }

  /**
   * The label and split of a file.
   *
   * @param row what the table says of the same bytes
   */
  Labelled labelled(Present member, String hash, @Nullable PictureInfo row) {
    if (member.standing() != Standing.RETAINED) {
      return labelling.of(member.item(), hash, row);
    }
    return member.known() instanceof KnownRow.Picture picture
        ? new Labelled(picture.info().label(), picture.info().split())
        : labelling.ofRetained(member.item(), hash, row);
  }

  private static List<CountedEvent> accepted(Present member) {
    List<CountedEvent> events = new ArrayList<>(3);
    if (member.isListed()) {
      events.add(new Counted(Count.ACCEPTED));
      if (member.known() instanceof KnownRow.Rejected) {
        events.add(new Counted(Count.PROMOTED));
      }
      if (member.standing() == Standing.REPLACED) {
        events.add(new Counted(Count.REPLACED));
      }
    }
    return events;
  }

  /** Under which input a file was found is no reason to write its row anew. */
  private static boolean isSameFile(PictureInfo before, PictureInfo after) {
    return before.path().equals(after.path()) && before.file().looksLike(after.file());
  }

  private static boolean isUnread(Present present) {
    return present.refused() != null
        || (present.known() != null && present.known().imageId() == null);
  }

  private Rejection rejectUnread(Present present) {
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
