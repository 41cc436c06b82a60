/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of files that hold many items. */
public enum ContainerFormat {
  /** A WebDataset shard, or any other tar; its first bytes say whether it is compressed. */
  TAR("tar(\\.(gz|bz2|xz|zst|zstd))?|tgz|tbz2?|txz|tzst"),
  ZIP("zip"),
  PARQUET("parquet");

  private final Pattern name;

  ContainerFormat(String extension) {
    this.name = Pattern.compile(".*\\.(" + extension + ")", Pattern.DOTALL);
  }

  /** The format that a file's name promises, if it promises any. */
  public static @Nullable ContainerFormat of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ContainerFormat format : values()) {
      if (format.name.matcher(lower).matches()) {
        return format;
      }
    }
    return null;
  }

  /** Whether a name promises an archive of files. */
  public static boolean isArchive(String name) {
    ContainerFormat format = of(name);
    return format == TAR || format == ZIP;
  }
}
