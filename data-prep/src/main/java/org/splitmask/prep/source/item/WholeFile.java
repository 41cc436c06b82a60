/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.file.SourceFiles;

/** A plain file. */
record WholeFile() implements ItemLocation {
  static final WholeFile INSTANCE = new WholeFile();

  @Override
  public @Nullable String container() {
    return null;
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public Access access() {
    return Access.RANDOM;
  }

  @Override
  public byte[] read(String path, OpenContainer open, int atMost) throws IOException {
    try (InputStream stream = SourceFiles.openUnbuffered(path, open.hadoop())) {
      byte[] expected = new byte[Math.min(stream.available(), atMost)];
      int length = stream.readNBytes(expected, 0, expected.length);
      if (length < expected.length) {
        return Arrays.copyOf(expected, length);
      }
      // Not every file system knows how much there is.
      byte[] rest = stream.readNBytes(atMost - length);
      if (rest.length == 0) {
        return expected;
      }
      byte[] all = Arrays.copyOf(expected, length + rest.length);
      System.arraycopy(rest, 0, all, length, rest.length);
      return all;
    }
  }
}
