/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Text of others, read strictly: a decoder that puts a replacement character for each letter that
 * it does not know makes one class of two.
 */
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** Where the bytes cease to be UTF-8, counted from 0; -1 if all of them are. */
  public static int fault(byte[] bytes) {
    if (new String(bytes, StandardCharsets.UTF_8).indexOf(REPLACEMENT) < 0) {
      return -1;
    }
    // Replaced, or written so: only the strict decoder tells, and is slow.
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    boolean bad = StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
    return bad ? in.position() : -1;
  }

  /** The text of bytes that are without fault, a byte order mark at its beginning left out. */
  public static String text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
