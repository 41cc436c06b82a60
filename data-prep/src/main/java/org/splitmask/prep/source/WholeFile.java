/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A plain file. */
record WholeFile() implements Place {
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
    try (InputStream stream = SourceFiles.open(path, open.hadoop())) {
      return stream.readNBytes(atMost);
    }
  }
}
