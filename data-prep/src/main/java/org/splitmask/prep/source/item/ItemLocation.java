/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Where an item's bytes are, and how they are read. Each kind of container has its own. */
public interface ItemLocation extends Serializable {
  /** The path of the container; none for a plain file. */
  @Nullable String container();

  /** Grows in the order in which a container is read best. */
  long position();

  Access access();

  /**
   * Reads the bytes, of longer ones only the first.
   *
   * @param path the item's own
   * @throws BrokenItemException when the failure is the item's
   * @throws java.io.UncheckedIOException when the storage fails
   */
  byte[] read(String path, OpenContainer open, int atMost) throws IOException;
}
