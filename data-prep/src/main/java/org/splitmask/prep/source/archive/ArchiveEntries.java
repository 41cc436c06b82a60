/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.BrokenEntry;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.text.EscapedName;

/**
 * The entries of one archive on their way to items. Labels may follow their pictures, links precede
 * what they lead to, and one name may tell the charset of all, so that all are held until the
 * archive is read: some hundred bytes for each.
 */
final class ArchiveEntries {
  private final ContainerFile file;
  private final Sidecars sidecars;
  private final @Nullable Charset charset;
  private final List<ArchiveEntry> entries = new ArrayList<>();
  private final List<ArchiveEntry> hidden = new ArrayList<>();
  private final Map<AsideKind, Finding.Aside> asides = new EnumMap<>(AsideKind.class);
  private final List<Finding> others = new ArrayList<>();

  /**
   * None yet.
   *
   * @param charset of names that are no UTF-8; none: they are escaped
   */
  ArchiveEntries(ContainerFile file, @Nullable Charset charset) {
    this.file = file;
    this.charset = charset;
    this.sidecars = new Sidecars(why -> remark(RemarkKind.IGNORED_SIDECAR, file.entryPath(why)));
  }

  /** What says something of the entries. */
  Sidecars sidecars() {
    return sidecars;
  }

  /** An entry whose bytes are at a location. */
  void add(ArchiveName name, long size, ItemLocation location) {
    entries.add(new ArchiveEntry(name, size, location, null));
  }

  /** A hard link: another name of an entry. */
  void addHardLink(ArchiveName name, String target) {
    entries.add(new ArchiveEntry(name, SourceItem.UNKNOWN_SIZE, null, name.with(target)));
  }

  /** A symbolic link with the text that it holds. */
  void addSymbolicLink(ArchiveName name, String text) {
    if (text.startsWith("/")) {
      remark(RemarkKind.UNFOLLOWED_LINK, file.entryPath(name.key()));
      String detail = "it is a link to " + text + ", which is outside of its archive";
      addBroken(name, SourceItem.UNKNOWN_SIZE, Kind.UNREADABLE, detail);
    } else {
      addHardLink(name, ArchiveLinks.target(name.key(), text));
    }
  }

  /** A name that is counted and not looked into. */
  void addAside(AsideKind kind, ArchiveName name) {
    asides.merge(kind, new Finding.Aside(kind, file.entryPath(name.key()), 1), Finding.Aside::plus);
  }

  /** The bytes of a name that is not looked into: links may lead there, as git-annex's do. */
  void addHidden(ArchiveName name, long size, ItemLocation location) {
    hidden.add(new ArchiveEntry(name, size, location, null));
  }

  /** An archive inside of the archive. */
  void addNested(ArchiveName name, long size) {
    String detail =
        "it is an archive inside of an archive, which is not opened; unpack the outer one";
    add(name, size, broken(Kind.UNSUPPORTED, detail));
    damage(name.key() + " is an archive inside of it, which is not opened; unpack the outer one");
  }

  void addBroken(ArchiveName name, long size, Kind kind, String detail) {
    add(name, size, broken(kind, detail));
  }

  BrokenEntry broken(Kind kind, String detail) {
    return new BrokenEntry(file.path(), 0, kind, detail, BrokenEntry.Extent.ITEM);
  }

  /** Something is wrong with the archive as a whole, which becomes an item itself. */
  void damageAsItem(Kind kind, String detail) {
    others.add(new Finding.Item(file.broken(kind, detail)));
    damage(detail);
  }

  /** The archive holds more than is found. */
  void damage(String detail) {
    others.add(new Finding.Damage(file.prefix(), detail, Finding.Damage.UNKNOWN));
  }

  void remark(RemarkKind kind, String text) {
    others.add(new Finding.Remark(kind, text));
  }

  /** Takes back the last entry if it is the one at that position. */
  void removeAt(long position) {
    int last = entries.size() - 1;
    ItemLocation location = last < 0 ? null : entries.get(last).location();
    if (location != null && location.position() == position) {
      entries.remove(last);
    }
  }

  /** Items in the order of entries; of equal names the second is called name#2, and so on. */
  Iterator<Finding> found() {
    sidecars.followLinks();
    boolean allText = entries.stream().allMatch(entry -> entry.name().isText());
    Charset own = allText ? null : charset;
    ArchiveLinks links = new ArchiveLinks(entries, hidden);
    List<ArchiveEntry> followed = links.followed();
    if (links.isCut()) {
      damage("its links lead to more than a million entries; the others are not found");
    }
    Set<String> names = new HashSet<>();
    followed.forEach(entry -> names.add(entry.name().text(own)));
    List<Finding> found = new ArrayList<>(entries.size() + others.size());
    Map<String, Integer> repeats = new HashMap<>();
    for (ArchiveEntry entry : followed) {
      String name = entry.name().text(own);
      int times = repeats.merge(name, 1, Integer::sum);
      String unique = name;
      if (times > 1) {
        do { // name#2 may be another entry's own name
          unique = name + "#" + times++;
        } while (!names.add(unique));
        repeats.put(name, times - 1);
      }
      found.add(new Finding.Item(item(entry, unique, own)));
    }
    found.addAll(asides.values());
    found.addAll(others);
    return found.iterator();
  }

  private SourceItem item(ArchiveEntry entry, String name, @Nullable Charset own) {
    if (EscapedName.isEscaped(name)) {
      remark(RemarkKind.ESCAPED_ENTRY_NAME, file.entryPath(name));
    }
    ItemLocation location = entry.location();
    if (location == null) {
      remark(RemarkKind.UNFOLLOWED_LINK, file.entryPath(name));
      String target = entry.target().text(own);
      location =
          broken(Kind.UNREADABLE, "it is a link to " + target + ", which is not in its archive");
    }
    return file.item(name, entry.size(), location, sidecars.of(entry.name().key()));
  }
}
