/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.EntryName;

/**
 * One thing that may be a picture, as listed: a file, or an entry of a container.
 *
 * @param root the input that it was found under; of a container that is itself the input, the
 *     container's path with a "!" behind it
 * @param path its whole path, qualified with the filesystem; the table knows it by this name. In a
 *     container: the container's path, "!/" and the entry's name, which is data and no path
 * @param size in bytes, or {@link #UNKNOWN_SIZE}
 * @param modified milliseconds since 1970; of the container for what lies in one
 * @param location where its bytes are
 * @param hints what the source says of it; with a label file, only what that file says; none where
 *     nothing is said
 */
public record SourceItem(
    String root,
    String path,
    long size,
    long modified,
    ItemLocation location,
    @Nullable Hints hints)
    implements Serializable {
  /** The size of what must be read to know it. */
  public static final long UNKNOWN_SIZE = -1;

  /** What stands between a container's path and an entry's name. */
  static final String ENTRY = "!/";

  /** A plain file. */
  public SourceItem(String root, String path, long size, long modified) {
    this(root, path, size, modified, WholeFile.INSTANCE, null);
  }

  /** The same item, its bytes counted. */
  public SourceItem withSize(long counted) {
    return new SourceItem(root, path, counted, modified, location, hints);
  }

  /** The same item of which other things are said. */
  public SourceItem withHints(@Nullable Hints said) {
    return new SourceItem(root, path, size, modified, location, said);
  }

  /** The path below the root, as label files write it. */
  public String relativePath() {
    return path.substring(root.endsWith("/") ? root.length() : root.length() + 1);
  }

  /** The parent folder's name; none for what lies directly in the root or in a container. */
  public @Nullable String folderName() {
    return EntryName.folder(innerPath());
  }

  /** The path below the root; in a container the entry's name. */
  public String innerPath() {
    String container = location.container();
    if (container == null || container.equals(path)) {
      return relativePath();
    }
    int entry =
        path.startsWith(container + ENTRY)
            ? container.length()
            : path.indexOf(ENTRY, Math.min(root.length(), path.length()));
    return entry < 0 ? relativePath() : path.substring(entry + ENTRY.length());
  }

  /** Whether it is an entry of a container. */
  public boolean isInContainer() {
    String container = location.container();
    return container != null && !container.equals(path);
  }

  /** Whether it was found to be unreadable without being read. */
  public boolean isBroken() {
    return location instanceof BrokenEntry;
  }

  /** Whether it stands for all that may lie below its path, none of which can be found. */
  public boolean hidesWhatIsBelow() {
    return location instanceof BrokenEntry broken && broken.extent() == BrokenEntry.Extent.BELOW;
  }

  /** The file that holds the bytes: the item's own, or its container. */
  public String container() {
    String container = location.container();
    return container == null ? path : container;
  }

  /** Grows in the order in which a container's items are read best. */
  public long position() {
    return location.position();
  }

  public Access access() {
    return location.access();
  }
}
