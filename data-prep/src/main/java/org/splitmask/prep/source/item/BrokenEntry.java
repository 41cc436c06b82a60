/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import org.splitmask.prep.source.item.BrokenItemException.Kind;

/**
 * What a listing found to be unreadable already; it becomes an item so that it is accounted for.
 */
public record BrokenEntry(String container, long position, Kind kind, String detail, Extent extent)
    implements ItemLocation {

  /** What cannot be read. */
  public enum Extent {
    /** This item. */
    ITEM,
    /** All that may lie below its path: it is a folder, a link to one, or a container. */
    BELOW
  }

  @Override
  public Access access() {
    return Access.RANDOM;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws BrokenItemException {
    throw new BrokenItemException(kind, detail);
  }
}
