/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/** Filesystems over object stores, which cannot rename in one step. */
final class ObjectStores {
  private static final Set<String> SCHEMES =
      Set.of("s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn", "obs");

  private ObjectStores() {}

  /** Whether a path is on one of them. */
  static boolean hold(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme != null && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT));
  }
}
