/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.ContainerInput;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;

/**
 * Bytes in a stream that can only be read from its beginning: an entry of a compressed tar.
 *
 * @param position of the first byte in the decompressed stream
 */
record StreamedEntry(String container, long position, long length) implements ItemLocation {
  @Override
  public Access access() {
    return Access.SEQUENTIAL;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    StreamReader reader =
        open.open(
            container,
            StreamReader.class,
            stream -> stream.reaches(position),
            () -> StreamReader.open(ContainerInput.open(container, open.hadoop())));
    return reader.read(position, (int) Math.min(length, atMost));
  }
}
