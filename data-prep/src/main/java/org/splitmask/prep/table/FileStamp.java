/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;

/**
 * A source file as it was when a row was written.
 *
 * @param path where it was, qualified with the filesystem
 * @param sourceRoot the input that it was found under
 * @param size in bytes; negative where that is not known without reading it
 * @param modified milliseconds since 1970
 */
public record FileStamp(String path, String sourceRoot, long size, long modified)
    implements Serializable {
  /** Whether the file seems untouched: the sizes, where both are known, and the times agree. */
  public boolean looksLike(FileStamp other) {
    boolean sizesAgree = size < 0 || other.size < 0 || size == other.size;
    return sizesAgree && modified == other.modified;
  }
}
