/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The entries of one archive on their way to items. Labels may follow their pictures, so that all
 * are held until the archive is read: some hundred bytes for each.
 */
final class ArchiveEntries {
  private final ContainerFile file;
  private final Sidecars sidecars;
  private final List<Entry> entries = new ArrayList<>();
  private final List<SourceItem> damages = new ArrayList<>();
  private final Map<String, Integer> repeats = new HashMap<>();

  private record Entry(String name, long size, Place place) {}

  ArchiveEntries(ContainerFile file, Sidecars sidecars) {
    this.file = file;
    this.sidecars = sidecars;
  }

  /** Whether a name is an item's: not hidden, and no sidecar's. */
  static boolean isItem(String name) {
    return !EntryName.isHidden(name) && !Sidecars.isSidecar(name);
  }

  void add(String name, long size, Place place) {
    entries.add(new Entry(name, size, place));
  }

  /** Something is wrong with the archive as a whole. */
  void damage(SourceItem item) {
    damages.add(item);
  }

  /** Takes back the last entry if it is the one at that position. */
  void removeAt(long position) {
    int last = entries.size() - 1;
    if (last >= 0 && entries.get(last).place.position() == position) {
      entries.remove(last);
    }
  }

  /** Items in the order of entries; of equal names the second is called name#2, and so on. */
  Iterator<SourceItem> items() {
    List<SourceItem> items = new ArrayList<>(entries.size() + damages.size());
    for (Entry entry : entries) {
      int times = repeats.merge(entry.name, 1, Integer::sum);
      String name = times == 1 ? entry.name : entry.name + "#" + times;
      items.add(file.item(name, entry.size, entry.place, sidecars.of(entry.name)));
    }
    items.addAll(damages);
    return items.iterator();
  }
}
