/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names as text. Disks and archives keep bytes: those that are no UTF-8 are written {@code \xE4},
 * so that different bytes stay different names, and the text leads back to the bytes. A name that
 * holds such a text itself has its backslash written {@code \x5C}.
 */
public final class EscapedName {
  private static final int LENGTH = 4;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private EscapedName() {}

  /** The text of a name's bytes. */
  public static String of(byte[] name) {
    StringBuilder text = new StringBuilder(name.length);
    ByteBuffer bytes = ByteBuffer.wrap(name);
    CharBuffer chars = CharBuffer.allocate(name.length + 1);
    CharsetDecoder decoder = strict(StandardCharsets.UTF_8);
    CoderResult result = decoder.decode(bytes, chars, true);
    while (true) {
      escapeBackslashes(chars.flip(), text);
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append("\\x").append(HEX.toHexDigits(bytes.get()));
      }
      chars.clear();
      result = decoder.reset().decode(bytes, chars, true);
    }
  }

  /** The text of bytes in a charset; escaped where they are none of its texts. */
  public static String of(byte[] name, Charset charset) {
    try {
      CharBuffer text = strict(charset).decode(ByteBuffer.wrap(name));
      StringBuilder escaped = new StringBuilder(text.length());
      escapeBackslashes(text, escaped);
      return escaped.toString();
    } catch (CharacterCodingException e) {
      return of(name);
    }
  }

  /** The bytes of a name's text. */
  public static byte[] bytes(String text) {
    if (text.indexOf('\\') < 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + LENGTH);
    int plain = 0;
    for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 1)) {
      if (at >= plain && isEscape(text, at)) {
        bytes.writeBytes(text.substring(plain, at).getBytes(StandardCharsets.UTF_8));
        bytes.write(HexFormat.fromHexDigits(text, at + 2, at + LENGTH));
        plain = at + LENGTH;
      }
    }
    bytes.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /** Whether a name's text has escapes for bytes that are no UTF-8. */
  public static boolean isEscaped(String text) {
    return text.contains("\\x") && !isUtf8(bytes(text));
  }

  public static boolean isUtf8(byte[] name) {
    try {
      strict(StandardCharsets.UTF_8).decode(ByteBuffer.wrap(name));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static void escapeBackslashes(CharSequence plain, StringBuilder text) {
    for (int i = 0; i < plain.length(); i++) {
      text.append(plain.charAt(i));
      if (isEscape(plain, i)) {
        text.append("x5C");
      }
    }
  }

  private static boolean isEscape(CharSequence text, int at) {
    return at + LENGTH <= text.length()
        && text.charAt(at) == '\\'
        && text.charAt(at + 1) == 'x'
        && isHex(text.charAt(at + 2))
        && isHex(text.charAt(at + 3));
  }

  private static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
  }
}
