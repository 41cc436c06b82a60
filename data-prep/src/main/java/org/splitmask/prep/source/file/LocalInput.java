/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.hadoop.fs.FSExceptionMessages;
import org.apache.hadoop.fs.FSInputStream;

/** A local file as Hadoop's streams ask for it. */
final class LocalInput extends FSInputStream {
  /** A channel copies through memory outside of the heap, which it keeps for the thread. */
  private static final int MOST_BYTES = 1 << 20;

  private final FileChannel channel;

  LocalInput(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    return channel.read(ByteBuffer.wrap(bytes, offset, Math.min(count, MOST_BYTES)));
  }

  @Override
  public int read(long position, byte[] bytes, int offset, int count) throws IOException {
    validatePositionedReadArgs(position, bytes, offset, count);
    return channel.read(ByteBuffer.wrap(bytes, offset, Math.min(count, MOST_BYTES)), position);
  }

  @Override
  public void seek(long position) throws IOException {
    if (position < 0) {
      throw new EOFException(FSExceptionMessages.NEGATIVE_SEEK);
    }
    channel.position(position);
  }

  @Override
  public long getPos() throws IOException {
    return channel.position();
  }

  @Override
  public int available() throws IOException {
    long rest = channel.size() - channel.position();
    return (int) Math.max(0, Math.min(rest, Integer.MAX_VALUE));
  }

  @Override
  public boolean seekToNewSource(long targetPosition) {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
