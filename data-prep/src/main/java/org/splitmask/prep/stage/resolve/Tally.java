/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.table.PictureInfo;

/** Counts of what became of files, and of what the table holds after them, with a few examples. */
public final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXAMPLES = 5;

  /** More classes than people tell apart by their names. */
  private static final int MOST_LABELS = 10_000;

  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final Map<String, Long> rejectedByReason = new TreeMap<>();
  private final Map<String, Long> standingByReason = new TreeMap<>();
  private final Map<String, Long> formats = new TreeMap<>();
  private final Map<Integer, Long> shorterSides = new TreeMap<>();
  private final Map<String, Long> lostByInput = new TreeMap<>();
  private final Set<String> labels = new TreeSet<>();
  private final List<String> unread = new ArrayList<>();
  private long unlabelled;
  private final List<String> examples = new ArrayList<>();
  private final List<String> conflicts = new ArrayList<>();

  /** What is counted. */
  public enum Count {
    /** Files that this run put into the table. */
    ACCEPTED,
    /** Listed files that are in the table, or rejected, as they were. */
    UNCHANGED,
    /** Pictures whose file is no longer there. */
    REMOVED,
    /** Accepted files whose path had another picture before. */
    REPLACED,
    /** Unchanged files with another label or split. */
    RELABELLED,
    /** Accepted files that were duplicates before. */
    PROMOTED,
    /** Listed files that are rejected, now or before, for what they are. */
    BAD,
    /** Those among them that could not be read. */
    UNREADABLE,
    /** Duplicates whose label or split is another than their keeper's. */
    CONFLICTING,
    /** Rows of the table that change or go. */
    EDITED,
    /** Files whose fate only decoding tells. */
    UNDECIDED,
    /** Rows that come to the rejected ones, change there, or go. */
    REJECTED_CHANGED
  }

  void add(CountedEvent event) {
    event.addTo(this);
  }

  public void count(Count what, long times) {
    counts.merge(what, times, Long::sum);
  }

  public long of(Count what) {
    return counts.getOrDefault(what, 0L);
  }

  /** A file of this run's input was rejected that was not rejected so before. */
  void reject(String path, String reason, String detail) {
    rejectedByReason.merge(reason, 1L, Long::sum);
    if (!reason.equals(RejectionReason.DUPLICATE.word()) && examples.size() < EXAMPLES) {
      examples.add(path + " (" + reason + ": " + detail + ")");
    }
  }

  /** A picture leaves the table, because an input no longer has it. */
  void lost(String input) {
    lostByInput.merge(input, 1L, Long::sum);
  }

  /** A row that is among the rejected ones after the run. */
  void standing(String reason) {
    standingByReason.merge(reason, 1L, Long::sum);
  }

  /** A picture that is in the table after the run. */
  void standing(PictureInfo info) {
    formats.merge(info.format(), 1L, Long::sum);
    addLabel(info.label());
    unlabelled += info.label() == null ? 1 : 0;
    int shorter = Math.min(info.originalWidth(), info.originalHeight());
    shorterSides.merge(Integer.highestOneBit(Math.max(1, shorter)), 1L, Long::sum);
  }

  void conflict(String description) {
    count(Count.CONFLICTING, 1);
    if (conflicts.size() < EXAMPLES) {
      conflicts.add(description);
    }
  }

  public void add(Tally other) {
    other.counts.forEach(this::count);
    other.rejectedByReason.forEach((key, n) -> rejectedByReason.merge(key, n, Long::sum));
    other.standingByReason.forEach((key, n) -> standingByReason.merge(key, n, Long::sum));
    other.formats.forEach((key, n) -> formats.merge(key, n, Long::sum));
    other.shorterSides.forEach((key, n) -> shorterSides.merge(key, n, Long::sum));
    other.labels.forEach(this::addLabel);
    unlabelled += other.unlabelled;
    other.unread.stream().limit(EXAMPLES - unread.size()).forEach(unread::add);
    other.lostByInput.forEach((key, n) -> lostByInput.merge(key, n, Long::sum));
    other.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
    other.conflicts.stream().limit(EXAMPLES - conflicts.size()).forEach(conflicts::add);
  }

  public long rejected() {
    return total(rejectedByReason);
  }

  public long duplicates() {
    return rejectedByReason.getOrDefault(RejectionReason.DUPLICATE.word(), 0L);
  }

  /** Listed files, whatever became of them. */
  public long found() {
    return of(Count.ACCEPTED) + rejected() + of(Count.UNCHANGED);
  }

  /** A listed file that cannot be read. */
  void unread(String path, String detail) {
    count(Count.UNREADABLE, 1);
    if (unread.size() < EXAMPLES) {
      unread.add(path + " (" + detail + ")");
    }
  }

  /** Some of the files that cannot be read. */
  public List<String> unread() {
    return unread;
  }

  /** Pictures of the table without a label. */
  public long unlabelled() {
    return unlabelled;
  }

  /** Whether the table would be the same after the run, as far as is known before decoding. */
  public boolean changesNothing() {
    return of(Count.EDITED) == 0
        && of(Count.UNDECIDED) == 0
        && of(Count.ACCEPTED) == 0
        && of(Count.REJECTED_CHANGED) == 0;
  }

  private void addLabel(@Nullable String label) {
    if (label != null && labels.size() < MOST_LABELS) {
      labels.add(label);
    }
  }

  /** The labels of the table's pictures; of very many, some. */
  public Set<String> labels() {
    return labels;
  }

  /** Pictures that leave the table, by the input that no longer has them. */
  public Map<String, Long> lostByInput() {
    return lostByInput;
  }

  /** Rejected in this run; sorted by reason. */
  public Map<String, Long> rejectedByReason() {
    return rejectedByReason;
  }

  /** Rejected after this run; sorted by reason. */
  public Map<String, Long> standingByReason() {
    return standingByReason;
  }

  public long standingRejected() {
    return total(standingByReason);
  }

  /** Pictures of the table by format. */
  public Map<String, Long> formats() {
    return formats;
  }

  /**
   * Pictures of the table by the largest power of two that their shorter side reaches, in pixels.
   */
  public Map<Integer, Long> shorterSides() {
    return shorterSides;
  }

  /** Pictures of the table. */
  public long pictures() {
    return total(formats);
  }

  public List<String> examples() {
    return examples;
  }

  public List<String> conflicts() {
    return conflicts;
  }

  /**
   * What max-rejected-share limits: duplicates are good pictures, only twice.
   *
   * @param missing items that damaged containers should hold besides those that were found
   */
  public double badShare(long missing) {
    long all = found() + missing;
    return all == 0 ? 0 : (double) (of(Count.BAD) + missing) / all;
  }

  private static long total(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
