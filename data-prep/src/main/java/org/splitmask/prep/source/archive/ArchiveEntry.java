/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.item.ItemLocation;

/**
 * An entry of an archive.
 *
 * @param location none for a link that is not followed yet, or leads nowhere
 * @param link where it leads, if it is a link
 */
record ArchiveEntry(
    ArchiveName name, long size, @Nullable ItemLocation location, @Nullable ArchiveName link) {
  /** Where a link leads; its own name for anything else. */
  ArchiveName target() {
    return link == null ? name : link;
  }

  /** The same bytes under another name. */
  ArchiveEntry as(ArchiveName other) {
    return new ArchiveEntry(other, size, location, null);
  }
}
