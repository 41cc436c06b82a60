/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A file as listed.
 *
 * @param root the input folder that it was found under
 * @param path its whole path, qualified with the filesystem
 * @param modified milliseconds since 1970
 */
record FoundFile(String root, String path, long size, long modified) implements Serializable {
  /** The path below the root, as label files write it. */
  String relativePath() {
    return path.substring(root.endsWith("/") ? root.length() : root.length() + 1);
  }

  /** The parent folder's name; none for files directly in the root. */
  @Nullable String folderName() {
    String relative = relativePath();
    int end = relative.lastIndexOf('/');
    return end < 0 ? null : relative.substring(relative.lastIndexOf('/', end - 1) + 1, end);
  }
}
