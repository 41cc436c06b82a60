/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the links among the entries of an archive, never out of it. A link to an entry is the
 * same bytes under another name; a link to a folder is all that lies in it.
 */
final class ArchiveLinks {
  /** As many as Linux follows. */
  static final int MOST_FOLLOWED = 40;

  private final List<ArchiveEntry> entries;
  private final Map<String, ArchiveEntry> byPath = new HashMap<>();
  private boolean anyLink;

  ArchiveLinks(List<ArchiveEntry> entries) {
    this.entries = entries;
    for (ArchiveEntry entry : entries) {
      anyLink |= entry.link() != null;
    }
    if (anyLink) {
      // Of equal names the last one counts, as after unpacking.
      entries.forEach(entry -> byPath.put(path(entry.name().key()), entry));
    }
  }

  /** All entries; links that lead nowhere have no place. */
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
    String target = end(path(link.target().key()));
    ArchiveEntry entry = target == null ? null : byPath.get(target);
    if (entry != null) {
      followed.add(entry.as(link.name()));
      return;
    }
    String folder = target + "/";
    boolean any = false;
    boolean leadsBack = target != null && (path(link.name().key()) + "/").startsWith(folder);
    for (ArchiveEntry below : target == null || leadsBack ? List.<ArchiveEntry>of() : entries) {
      String path = path(below.name().key());
      if (below.link() == null && path.startsWith(folder)) {
        String name = link.name().key() + "/" + path.substring(folder.length());
        followed.add(below.as(below.name().with(name)));
        any = true;
      }
    }
    if (!any) {
      followed.add(link);
    }
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
        return path(entry.target().key()) + path.substring(part.length());
      }
      if (end < 0) {
        return null;
      }
    }
  }

  /** Where a symbolic link leads, by the name of the link and the text that it holds. */
  static String target(String link, String text) {
    return path(link.substring(0, link.lastIndexOf('/') + 1) + text);
  }

  /** A name without steps; those out of the archive stay. */
  static String path(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Arrays.asList(name.split("/", -1))) {
      if (part.equals("..") && !parts.isEmpty() && !parts.peekLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
