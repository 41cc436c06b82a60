/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a gzip file of one or several parts holds. As gzip does, it passes over zeros behind a part;
 * anything else that is no part is damage.
 */
final class GzipParts extends InputStream {
  private final InputStream file;
  private @Nullable InputStream part;

  /**
   * Begins with the first part.
   *
   * @param file can be marked
   */
  GzipParts(InputStream file) throws IOException {
    this.file = file;
    this.part = new GzipCompressorInputStream(file);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (part != null) {
      int count = part.read(bytes, offset, length);
      if (count >= 0) {
        return count;
      }
      part = isFollowed() ? new GzipCompressorInputStream(file) : null;
    }
    return -1;
  }

  /** Whether another part stands behind zeros; goes there. */
  private boolean isFollowed() throws IOException {
    while (true) {
      file.mark(1);
      int next = file.read();
      if (next > 0) {
        file.reset();
      }
      if (next != 0) {
        return next > 0;
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
