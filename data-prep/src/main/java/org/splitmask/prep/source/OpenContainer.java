/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** The one container that a reader has open: the last one. */
final class OpenContainer implements Closeable {
  private final Configuration hadoop;
  private @Nullable Object key;
  private @Nullable Closeable handle;

  OpenContainer(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  Configuration hadoop() {
    return hadoop;
  }

  ContainerInput input(String container) throws IOException {
    return open(
        new Key(container, null),
        ContainerInput.class,
        () -> ContainerInput.open(container, hadoop));
  }

  /** A stream that has not passed the position yet. */
  StreamReader stream(String container, long position) throws IOException {
    Key wanted = new Key(container, null);
    if (handle instanceof StreamReader open && !open.reaches(position)) {
      close();
    }
    return open(
        wanted,
        StreamReader.class,
        () -> StreamReader.open(ContainerInput.open(container, hadoop)));
  }

  ParquetColumn column(String container, ColumnName column) throws IOException {
    return open(
        new Key(container, column),
        ParquetColumn.class,
        () -> ParquetColumn.open(container, column, hadoop));
  }

  @Override
  public void close() throws IOException {
    Closeable last = handle;
    key = null;
    handle = null;
    if (last != null) {
      last.close();
    }
  }

  private <H extends Closeable> H open(Key wanted, Class<H> type, Opening<H> opening)
      throws IOException {
    if (wanted.equals(key) && type.isInstance(handle)) {
      return type.cast(handle);
    }
    close();
    H opened = opening.open();
    key = wanted;
    handle = opened;
    return opened;
  }

  private record Key(String container, @Nullable ColumnName column) {}

  private interface Opening<H> {
    H open() throws IOException;
  }
}
