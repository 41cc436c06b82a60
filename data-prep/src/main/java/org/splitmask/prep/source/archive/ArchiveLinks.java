/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.text.EntryName;

/**
 * Follows the links among the entries of an archive, never out of it. A link to an entry is the
 * same bytes under another name; a link to a folder is all that lies in it.
 */
final class ArchiveLinks {
  /** As many as Linux follows. */
  static final int MOST_FOLLOWED = 40;

  /** What links to folders may add: small archives can be made to stand for any number. */
  private static final int MOST_ADDED = 1_000_000;

  private final List<ArchiveEntry> entries;
  private final NavigableMap<String, ArchiveEntry> byPath = new TreeMap<>();
  private boolean anyLink;
  private int added;

  /**
   * The links of an archive.
   *
   * @param hidden entries that are no items of their own, and that links may lead to
   */
  ArchiveLinks(List<ArchiveEntry> entries, Collection<ArchiveEntry> hidden) {
    this.entries = entries;
    for (ArchiveEntry entry : entries) {
      anyLink |= entry.link() != null;
    }
    if (anyLink) {
      // Of equal names the last one counts, as after unpacking.
      hidden.forEach(entry -> byPath.put(EntryName.withoutSteps(entry.name().key()), entry));
      entries.forEach(entry -> byPath.put(EntryName.withoutSteps(entry.name().key()), entry));
    }
  }

  /** All entries; links that lead nowhere have no location. */
  List<ArchiveEntry> followed() {
    if (!anyLink) {
      return entries;
    }
    List<ArchiveEntry> followed = new ArrayList<>(entries.size());
    for (ArchiveEntry entry : entries) {
      if (entry.link() == null) {
        followed.add(entry);
      } else {
        follow(entry, followed);
      }
    }
    return followed;
  }

  private void follow(ArchiveEntry link, List<ArchiveEntry> followed) {
    String target = end(EntryName.withoutSteps(link.target().key()));
    ArchiveEntry entry = target == null ? null : byPath.get(target);
    if (entry != null) {
      followed.add(entry.as(link.name()));
    } else if (target == null || !followFolder(link, target + "/", followed)) {
      followed.add(link);
    }
  }

  /** Adds all that lies in a folder; false where nothing does, or the link lies in it itself. */
  private boolean followFolder(ArchiveEntry link, String folder, List<ArchiveEntry> followed) {
    if ((EntryName.withoutSteps(link.name().key()) + "/").startsWith(folder)) {
      return false;
    }
    boolean any = false;
    for (Map.Entry<String, ArchiveEntry> below : byPath.tailMap(folder).entrySet()) {
      if (!below.getKey().startsWith(folder) || added == MOST_ADDED) {
        break;
      }
      ArchiveEntry entry = below.getValue();
      if (entry.link() == null && AsideKind.ofEntry(below.getKey()) == null) {
        String name = link.name().key() + "/" + below.getKey().substring(folder.length());
        followed.add(entry.as(entry.name().with(name)));
        added++;
        any = true;
      }
    }
    return any;
  }

  /** Whether more could have been added. */
  boolean isCut() {
    return added == MOST_ADDED;
  }

  /** Where a path ends when all links on its way are followed; none where they never end. */
  private @Nullable String end(String path) {
    String at = path;
    for (int i = 0; i < MOST_FOLLOWED; i++) {
      String next = next(at);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return null;
  }

  /** A path with its first link followed; none where it has no link. */
  private @Nullable String next(String path) {
    for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      String part = end < 0 ? path : path.substring(0, end);
      ArchiveEntry entry = byPath.get(part);
      if (entry != null && entry.link() != null) {
        return EntryName.withoutSteps(entry.target().key()) + path.substring(part.length());
      }
      if (end < 0) {
        return null;
      }
    }
  }

  /** Where a symbolic link leads, by the name of the link and the text that it holds. */
  static String target(String link, String text) {
    return EntryName.withoutSteps(link.substring(0, link.lastIndexOf('/') + 1) + text);
  }
}
