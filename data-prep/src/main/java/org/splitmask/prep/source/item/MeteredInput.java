/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts where a stream is, and stops a parser that reads more than it was allowed: a header that
 * claims a gigabyte must not be believed. Skipping is free. What a parser reads can be kept, for
 * those who want to know its very bytes.
 */
public final class MeteredInput extends FilterInputStream {
  /** Padding of that length is read and not skipped, so that what is kept has no gaps. */
  private static final int SHORT_BYTES = 512;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long keptFrom;
  private boolean keeping;
  private byte[] returned = new byte[0];
  private int returnedAt;
  private @Nullable ByteArrayOutputStream marked;
  private long position;
  private long allowed;

  public MeteredInput(InputStream in) {
    super(in);
  }

  public long position() {
    return position;
  }

  /** Allows so many bytes from here on. */
  public void allow(long bytes) {
    allowed = bytes;
  }

  /** Keeps what is read from here on. */
  public void keep() {
    keeping = true;
    forget(position);
  }

  /** Keeps no more, and nothing of what it has. */
  public void forget() {
    keeping = false;
    forget(position);
  }

  /** What was kept of the bytes from a position to here, and keeps no more. */
  public byte[] kept(long from) {
    keeping = false;
    byte[] bytes = kept.toByteArray();
    long first = Math.max(0, from - keptFrom);
    return first >= bytes.length
        ? new byte[0]
        : Arrays.copyOfRange(bytes, (int) first, bytes.length);
  }

  /** Puts bytes back that were the last ones read. */
  public void giveBack(byte[] bytes, int length) {
    byte[] rest = Arrays.copyOfRange(returned, returnedAt, returned.length);
    returned = Arrays.copyOf(bytes, length + rest.length);
    System.arraycopy(rest, 0, returned, length, rest.length);
    returnedAt = 0;
    position -= length;
    if (keeping) {
      byte[] all = kept.toByteArray();
      kept.reset();
      kept.write(all, 0, Math.max(0, all.length - length));
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    spend(length);
    int count =
        returnedAt < returned.length
            ? again(bytes, offset, length)
            : super.read(bytes, offset, length);
    if (count > 0) {
      position += count;
      if (keeping) {
        kept.write(bytes, offset, count);
      }
      if (marked != null) {
        marked.write(bytes, offset, count);
      }
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    if (returnedAt < returned.length || (keeping && count <= SHORT_BYTES)) {
      byte[] passed = new byte[(int) Math.max(0, Math.min(count, SHORT_BYTES))];
      return Math.max(0, read(passed, 0, passed.length));
    }
    long skipped = super.skip(count);
    position += skipped;
    if (keeping) {
      forget(position);
    }
    return skipped;
  }

  @Override
  public int available() {
    return 0;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public synchronized void mark(int limit) {
    marked = new ByteArrayOutputStream();
  }

  @Override
  public synchronized void reset() throws IOException {
    if (marked == null) {
      throw new IOException("nothing was marked");
    }
    byte[] back = marked.toByteArray();
    marked = null;
    giveBack(back, back.length);
  }

  private int again(byte[] bytes, int offset, int length) {
    int count = Math.min(length, returned.length - returnedAt);
    System.arraycopy(returned, returnedAt, bytes, offset, count);
    returnedAt += count;
    return count;
  }

  private void forget(long from) {
    kept.reset();
    keptFrom = from;
  }

  private void spend(long bytes) throws IOException {
    allowed -= bytes;
    if (allowed < 0) {
      throw new IOException("a header is longer than 1 MiB");
    }
  }
}
