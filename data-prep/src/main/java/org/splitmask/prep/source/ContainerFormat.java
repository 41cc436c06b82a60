/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** The kinds of files that hold many items. */
public enum ContainerFormat {
  /** A WebDataset shard, or any other tar. */
  TAR("tar") {
    @Override
    Iterator<SourceItem> items(
        ContainerFile file, Configuration hadoop, Consumer<String> ignoredSidecar)
        throws IOException {
      return new TarListing(file, TarListing.Compression.NONE, ignoredSidecar).items(hadoop);
    }
  },
  /** The same, compressed: it can only be read from its beginning. */
  TAR_GZIP("tar\\.gz|tgz") {
    @Override
    Iterator<SourceItem> items(
        ContainerFile file, Configuration hadoop, Consumer<String> ignoredSidecar)
        throws IOException {
      return new TarListing(file, TarListing.Compression.GZIP, ignoredSidecar).items(hadoop);
    }
  },
  ZIP("zip") {
    @Override
    Iterator<SourceItem> items(
        ContainerFile file, Configuration hadoop, Consumer<String> ignoredSidecar)
        throws IOException {
      return new ZipListing(file, ignoredSidecar).items(hadoop);
    }
  },
  PARQUET("parquet") {
    @Override
    Iterator<SourceItem> items(
        ContainerFile file, Configuration hadoop, Consumer<String> ignoredSidecar)
        throws IOException {
      return ParquetListing.open(file, hadoop);
    }
  };

  private final String extension;

  ContainerFormat(String extension) {
    this.extension = extension;
  }

  /** The format that a file's name promises, if it promises any. */
  static @Nullable ContainerFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ContainerFormat format : values()) {
      if (lower.matches(".*\\.(" + format.extension + ")")) {
        return format;
      }
    }
    return null;
  }

  /** The items of a container, damaged ones included. */
  abstract Iterator<SourceItem> items(
      ContainerFile file, Configuration hadoop, Consumer<String> ignoredSidecar) throws IOException;
}
