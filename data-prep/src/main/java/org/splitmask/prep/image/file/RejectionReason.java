/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.util.Locale;

/** Why a file is not in the table: a closed list, the words of {@code rejected.reason}. */
public enum RejectionReason {
  /** The file has no bytes. */
  EMPTY,
  /** By its content no JPEG, PNG, WebP, BMP, GIF or TIFF, or a kind of them that is not read. */
  UNSUPPORTED_FORMAT,
  /** The file is longer than max-bytes. */
  TOO_LARGE,
  /** Its header claims more than max-pixels. */
  TOO_MANY_PIXELS,
  /** Its header's shorter side is below min-side. */
  TOO_SMALL,
  /** It ends before the picture does. */
  TRUNCATED,
  /** Its structure or its compressed data is broken. */
  DAMAGED,
  /** It was not decoded within max-seconds. */
  TIMEOUT,
  /** The storage would not give it: permissions, a bad block, it vanished. */
  UNREADABLE,
  /** Its bytes changed while prepare ran. */
  CHANGED,
  /** The same bytes are in the table from another path, named in {@code duplicate_of}. */
  DUPLICATE;

  /** The reason of that word. */
  public static RejectionReason of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The word in the table: too-many-pixels. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
