/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.archive;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.EntryName;
import org.splitmask.prep.source.text.EscapedName;

/**
 * A name in an archive: data from others, never used as a path of a filesystem.
 *
 * @param key the text, escaped where the bytes are no UTF-8; by it names are compared
 * @param origin whether the archive says what text it is
 */
record ArchiveName(String key, Origin origin) {
  enum Origin {
    /** Bytes whose charset nothing says. */
    BYTES,
    TEXT
  }

  /** A name in an unknown charset. */
  static ArchiveName of(byte[] bytes) {
    return new ArchiveName(EntryName.normalise(EscapedName.of(bytes)), Origin.BYTES);
  }

  /** Whether the name is text without anybody's help. */
  boolean isText() {
    return origin == Origin.TEXT || !EscapedName.isEscaped(key);
  }

  /** The name as text in a charset, if that is open; none: escaped. */
  String text(@Nullable Charset charset) {
    return origin == Origin.TEXT || charset == null
        ? key
        : EscapedName.of(EscapedName.bytes(key), charset);
  }

  /** Another name of the same origin. */
  ArchiveName with(String otherKey) {
    return new ArchiveName(otherKey, origin);
  }
}
