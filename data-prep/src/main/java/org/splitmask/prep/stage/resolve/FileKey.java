/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import java.util.Comparator;

/**
 * The order of rows: by hash, so that neighbours have nothing in common and equal files meet; among
 * equal files by path, so that the smallest path is the one that stays.
 *
 * @param hash SHA-256 of the bytes; of the path for a file that is refused unread
 */
public record FileKey(String hash, String path) implements Comparable<FileKey>, Serializable {
  private static final Comparator<FileKey> ORDER =
      Comparator.comparing(FileKey::hash).thenComparing(FileKey::path);

  @Override
  public int compareTo(FileKey other) {
    return ORDER.compare(this, other);
  }
}
