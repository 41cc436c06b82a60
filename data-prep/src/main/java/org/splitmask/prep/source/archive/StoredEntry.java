/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;

/**
 * Bytes that lie in a container as they are: an entry of a tar.
 *
 * @param position of the first byte in the container
 */
record StoredEntry(String container, long position, long length) implements ItemLocation {
  @Override
  public Access access() {
    return Access.RANDOM;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    return open.input(container).range(position, (int) Math.min(length, atMost));
  }
}
