/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One thing that may be a picture, as listed.
 *
 * @param root the input that it was found under
 * @param path its whole path, qualified with the filesystem; the table knows it by this name
 * @param size in bytes
 * @param modified milliseconds since 1970
 */
public record SourceItem(String root, String path, long size, long modified)
    implements Serializable {
  /** The path below the root, as label files write it. */
  public String relativePath() {
    return path.substring(root.endsWith("/") ? root.length() : root.length() + 1);
  }

  /** The parent folder's name; none for files directly in the root. */
  public @Nullable String folderName() {
    String relative = relativePath();
    int end = relative.lastIndexOf('/');
    return end < 0 ? null : relative.substring(relative.lastIndexOf('/', end - 1) + 1, end);
  }
}
