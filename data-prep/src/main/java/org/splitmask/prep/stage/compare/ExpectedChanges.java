/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.labels.Labelling.Labelled;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.write.TableState;

/**
 * What a run will have to do, as far as listing tells.
 *
 * @param added files that the table does not know
 * @param changed files whose size or time changed, or that are to be read again
 * @param unchanged files as the table knows them
 * @param relabelled those among the unchanged whose label or split changed
 * @param unreadable those among the unchanged that are rejected because they cannot be read
 * @param removed pictures whose files are gone
 * @param forgotten rejected files that are gone
 * @param retained files that this run does not look for
 * @param bytesToRead of the files that are added or changed
 * @param touched data files of the table with rows that change or go
 */
public record ExpectedChanges(
    long added,
    long changed,
    long unchanged,
    long relabelled,
    long unreadable,
    long removed,
    long forgotten,
    long retained,
    long bytesToRead,
    Set<String> touched)
    implements Serializable {
  static final ExpectedChanges NOTHING = new ExpectedChanges(0, 0, 0, 0, 0, 0, 0, 0, 0, Set.of());

  static ExpectedChanges of(Candidate candidate, Labelling labelling) {
    if (candidate instanceof Candidate.Read read) {
      long added = read.known() == null ? 1 : 0;
      long bytes = Math.max(0, read.item().size());
      return new ExpectedChanges(added, 1 - added, 0, 0, 0, 0, 0, 0, bytes, dataFile(read.known()));
    }
    if (candidate instanceof Candidate.Same same) {
      boolean relabelled = isRelabelled(same.item(), same.known(), labelling);
      Set<String> touched = relabelled ? dataFile(same.known()) : Set.of();
      long unreadable = isUnreadable(same.known()) ? 1 : 0;
      return new ExpectedChanges(0, 0, 1, relabelled ? 1 : 0, unreadable, 0, 0, 0, 0, touched);
    }
    if (candidate instanceof Candidate.Gone gone) {
      long removed = gone.known() instanceof KnownRow.Picture ? 1 : 0;
      return new ExpectedChanges(0, 0, 0, 0, 0, removed, 1 - removed, 0, 0, dataFile(gone.known()));
    }
    return new ExpectedChanges(0, 0, 0, 0, 0, 0, 0, 1, 0, Set.of());
  }

  private static Set<String> dataFile(@Nullable KnownRow known) {
    return known instanceof KnownRow.Picture picture ? Set.of(picture.dataFile()) : Set.of();
  }

  private static boolean isUnreadable(KnownRow known) {
    return known instanceof KnownRow.Rejected rejected
        && rejected.row().reason().equals(RejectionReason.UNREADABLE.word());
  }

  private static boolean isRelabelled(SourceItem item, KnownRow known, Labelling labelling) {
    return known instanceof KnownRow.Picture picture
        && !labelling
            .of(item, picture.imageId(), picture.info())
            .equals(new Labelled(picture.info().label(), picture.info().split()));
  }

  ExpectedChanges plus(ExpectedChanges other) {
    Set<String> union = touched.containsAll(other.touched) ? touched : new HashSet<>(touched);
    if (union != touched) {
      union.addAll(other.touched);
    }
    return new ExpectedChanges(
        added + other.added,
        changed + other.changed,
        unchanged + other.unchanged,
        relabelled + other.relabelled,
        unreadable + other.unreadable,
        removed + other.removed,
        forgotten + other.forgotten,
        retained + other.retained,
        bytesToRead + other.bytesToRead,
        union);
  }

  /** Files that were listed. */
  public long found() {
    return added + changed + unchanged;
  }

  /**
   * At most so many bytes are written: duplicates, and files that turn out to be no pictures, take
   * less. The files that they replace stay until the table is cleaned.
   *
   * @param rowBytes of a picture
   */
  public long bytesToWrite(TableState state, long rowBytes) {
    long rewritten =
        touched.stream().mapToLong(file -> state.pictureFiles().getOrDefault(file, 0L)).sum();
    return toRead() * rowBytes + rewritten;
  }

  public long toRead() {
    return added + changed;
  }

  /** Whether the table is empty, as far as this run sees. */
  public boolean knowsNoRows() {
    return changed == 0 && unchanged == 0 && removed == 0 && forgotten == 0 && retained == 0;
  }

  /** Whether the table would be the same after the run. */
  public boolean isNothing() {
    return toRead() == 0 && relabelled == 0 && removed == 0 && forgotten == 0;
  }
}
