/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts where a stream is, and stops a parser that reads more than it was allowed: a header that
 * claims a gigabyte must not be believed. Skipping is free.
 */
final class MeteredInput extends FilterInputStream {
  private long position;
  private long allowed;

  MeteredInput(InputStream in) {
    super(in);
  }

  long position() {
    return position;
  }

  /** Allows so many bytes from here on. */
  void allow(long bytes) {
    allowed = bytes;
  }

  @Override
  public int read() throws IOException {
    spend(1);
    int value = super.read();
    position += value < 0 ? 0 : 1;
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    spend(length);
    int count = super.read(bytes, offset, length);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return 0;
  }

  private void spend(long bytes) throws IOException {
    allowed -= bytes;
    if (allowed < 0) {
      throw new IOException("a header is longer than any that means well");
    }
  }
}
