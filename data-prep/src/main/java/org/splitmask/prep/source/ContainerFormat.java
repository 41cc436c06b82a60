/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of files that hold many items. */
public enum ContainerFormat {
  /** A WebDataset shard, or any other tar; its first bytes say whether it is compressed. */
  TAR("tar(\\.(gz|bz2|xz|zst|zstd))?|tgz|tbz2?|txz|tzst") {
    @Override
    Iterator<Found> found(ContainerFile file, SourceContext context) throws IOException {
      return new TarListing(file, context).found(context);
    }
  },
  ZIP("zip") {
    @Override
    Iterator<Found> found(ContainerFile file, SourceContext context) throws IOException {
      return new ZipListing(file, context).found(context);
    }
  },
  PARQUET("parquet") {
    @Override
    Iterator<Found> found(ContainerFile file, SourceContext context) throws IOException {
      ParquetFooter footer = ParquetFooter.read(file.path(), context.hadoop());
      return file.standing() == Container.Standing.BESIDE_SHARD
              && !footer.has(file.columns().bytes())
          ? List.<Found>of(new Found.Aside(AsideKind.COMPANION, file.path(), 1)).iterator()
          : ParquetListing.open(footer, file, context.hadoop());
    }
  };

  private final Pattern name;

  ContainerFormat(String extension) {
    this.name = Pattern.compile(".*\\.(" + extension + ")", Pattern.DOTALL);
  }

  /** The format that a file's name promises, if it promises any. */
  static @Nullable ContainerFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ContainerFormat format : values()) {
      if (format.name.matcher(lower).matches()) {
        return format;
      }
    }
    return null;
  }

  /** Whether a name promises an archive of files. */
  static boolean isArchive(String name) {
    ContainerFormat format = of(name);
    return format == TAR || format == ZIP;
  }

  /** What a container holds, and what is to be said of it. */
  abstract Iterator<Found> found(ContainerFile file, SourceContext context) throws IOException;
}
