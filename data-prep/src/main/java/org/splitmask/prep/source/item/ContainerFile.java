/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.file.SourceFiles;
import org.splitmask.prep.source.item.BrokenItemException.Kind;

/**
 * A container as its items see it: it names them.
 *
 * @param root of the items
 * @param prefix what stands before "!/" in the items' paths: the container, or the table that it is
 *     a part of if rows have names
 * @param path of the file
 * @param length of the file in bytes
 */
public record ContainerFile(String root, String prefix, String path, long length, long modified) {
  static ContainerFile of(String input, String prefix, String path, long length, long modified) {
    return new ContainerFile(rootOf(prefix, input), prefix, path, length, modified);
  }

  /** One of its items. */
  public SourceItem item(String name, long size, ItemLocation location, @Nullable Hints hints) {
    return new SourceItem(root, entryPath(name), size, modified, location, hints);
  }

  /** The whole path of an entry. */
  public String entryPath(String name) {
    return prefix + SourceItem.ENTRY + name;
  }

  /** The file itself as an item that cannot be read. */
  public SourceItem broken(Kind kind, String detail) {
    return new SourceItem(
        SourceFiles.isUnder(path, root) ? root : SourceFiles.parent(path),
        path,
        SourceItem.UNKNOWN_SIZE,
        modified,
        new BrokenEntry(path, 0, kind, detail, BrokenEntry.Extent.BELOW),
        null);
  }

  private static String rootOf(String prefix, String input) {
    if (prefix.equals(input)) {
      return prefix + "!";
    }
    // An Iceberg table's data files may lie outside its folder.
    return SourceFiles.isUnder(prefix, input) ? input : SourceFiles.parent(prefix);
  }
}
