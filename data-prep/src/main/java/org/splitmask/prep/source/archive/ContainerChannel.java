/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.splitmask.prep.source.item.ContainerInput;

/** A container as the channel that libraries ask for; it can only be read. */
final class ContainerChannel implements SeekableByteChannel {
  private static final int CHUNK_BYTES = 64 << 10;

  private final ContainerInput input;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private long position;
  private boolean open = true;

  ContainerChannel(ContainerInput input) {
    this.input = input;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkOpen();
    if (position >= input.length()) {
      return -1;
    }
    if (input.position() != position) {
      input.seek(position);
    }
    int count = input.read(chunk, 0, Math.min(chunk.length, target.remaining()));
    if (count > 0) {
      target.put(chunk, 0, count);
      position += count;
    }
    return count;
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    return position;
  }

  @Override
  public SeekableByteChannel position(long to) throws IOException {
    checkOpen();
    if (to < 0) {
      throw new IllegalArgumentException("position " + to + " is negative");
    }
    position = to;
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return input.length();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    input.close();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  private void checkOpen() throws IOException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
