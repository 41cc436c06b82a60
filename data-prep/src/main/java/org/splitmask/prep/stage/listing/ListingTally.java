/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.RemarkKind;

/**
 * What a listing found, counted, with a few examples. It does not grow with the number of files;
 * with that of damaged containers it does, up to a bound.
 */
public final class ListingTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** More damaged containers than anybody allows are counted and not named. */
  static final int MOST_DAMAGES = 10_000;

  private final Map<AsideKind, CountWithExamples> asides = new EnumMap<>(AsideKind.class);
  private final Map<RemarkKind, CountWithExamples> remarks = new EnumMap<>(RemarkKind.class);
  private final List<Finding.Damage> damages = new ArrayList<>();
  private final List<Finding.Refusal> refusals = new ArrayList<>();
  private final Set<String> matched = new TreeSet<>();
  private long items;
  private long unreadable;
  private long containers;
  private long damaged;

  /** Counts anything but what is to be listed in its turn. */
  void count(Finding found) {
    if (found instanceof Finding.Item item) {
      items++;
      unreadable += item.item().hidesWhatIsBelow() ? 1 : 0;
    } else if (found instanceof Finding.Aside aside) {
      asides
          .computeIfAbsent(aside.kind(), kind -> new CountWithExamples())
          .add(aside.path(), aside.count());
    } else if (found instanceof Finding.Remark remark) {
      remarks.computeIfAbsent(remark.kind(), kind -> new CountWithExamples()).add(remark.text(), 1);
    } else if (found instanceof Finding.Damage damage) {
      add(damage);
    } else if (found instanceof Finding.Refusal refusal) {
      refusals.add(refusal);
    } else if (found instanceof Finding.Matched match) {
      matched.add(match.glob());
    } else {
      containers++;
    }
  }

  void add(ListingTally other) {
    other.asides.forEach(
        (k, n) -> asides.computeIfAbsent(k, kind -> new CountWithExamples()).add(n));
    other.remarks.forEach(
        (k, n) -> remarks.computeIfAbsent(k, kind -> new CountWithExamples()).add(n));
    damaged += other.damaged - other.damages.size();
    other.damages.forEach(this::add);
    other.refusals.stream().limit(1).forEach(refusals::add);
    matched.addAll(other.matched);
    items += other.items;
    unreadable += other.unreadable;
    containers += other.containers;
  }

  private void add(Finding.Damage damage) {
    damaged++;
    if (damages.size() < MOST_DAMAGES) {
      damages.add(damage);
    }
  }

  /** Files and entries that may be pictures. */
  public long items() {
    return items;
  }

  long containers() {
    return containers;
  }

  /** Names that are there, cannot be opened, and may have had something below them. */
  public long unreadable() {
    return unreadable;
  }

  /** Containers that hold more than is found in them; the first of them are in {@link #damages}. */
  public long damaged() {
    return damaged;
  }

  public List<Finding.Damage> damages() {
    return damages;
  }

  List<Finding.Refusal> refusals() {
    return refusals;
  }

  /** The globs that something was found for. */
  Set<String> matched() {
    return matched;
  }

  Map<AsideKind, CountWithExamples> asides() {
    return asides;
  }

  Map<RemarkKind, CountWithExamples> remarks() {
    return remarks;
  }

  /** Counts by the kind's name: companion, hidden. */
  public Map<String, Long> asidesByKind() {
    Map<String, Long> counts = new TreeMap<>();
    asides.forEach((kind, named) -> counts.put(kind.word(), named.count()));
    return counts;
  }

  public long companions() {
    return asides.containsKey(AsideKind.COMPANION) ? asides.get(AsideKind.COMPANION).count() : 0;
  }

  /**
   * Everything that was found.
   *
   * @param looked files and entries that were looked into, each once
   */
  public long found(long looked) {
    return looked + companions() + skipped();
  }

  /** Names that are not looked into, companions apart. */
  public long skipped() {
    return asides.values().stream().mapToLong(CountWithExamples::count).sum() - companions();
  }
}
