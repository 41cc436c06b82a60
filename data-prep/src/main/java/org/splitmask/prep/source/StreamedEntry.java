/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;

/**
 * Bytes in a stream that can only be read from its beginning: an entry of a compressed tar.
 *
 * @param position of the first byte in the decompressed stream
 */
record StreamedEntry(String container, long position, long length) implements Place {
  @Override
  public Access access() {
    return Access.SEQUENTIAL;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    return open.stream(container, position).read(position, (int) Math.min(length, atMost));
  }
}
