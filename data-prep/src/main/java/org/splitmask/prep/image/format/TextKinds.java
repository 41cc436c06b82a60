/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names texts that lie where a picture was expected: mostly what a server said instead of one. */
final class TextKinds {
  private static final int LOOKED_AT = 2048;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final String BLANKS = "(?:\\s++|<!--.*?-->)*+";

  /** What may stand before the first element of a page or a drawing. */
  private static final String BEFORE = "(?:\\s++|<\\?xml[^>]*>|<!--.*?-->|<!doctype[^>\\[]*>)*+";

  private static final Pattern HTML =
      pattern(BLANKS + "<!doctype html|" + BEFORE + "<(?:html|head|body|title|script|meta)[\\s>]");
  private static final Pattern SVG =
      pattern(BLANKS + "<!doctype svg|" + BEFORE + "<(?:!doctype svg|svg[\\s>/:])");
  private static final Pattern XML = pattern("\\s*+<(?:\\?xml|!--|[a-z])");
  private static final Pattern JSON =
      pattern("\\s*+(?:\\{\\s*+(?:\"|}|$)|\\[\\s*+(?:[\\[{\"\\]\\d-]|$))");

  private TextKinds() {}

  private static Pattern pattern(String text) {
    return Pattern.compile(text, Pattern.DOTALL);
  }

  /** What kind of text the file begins with; null where it is no text. */
  static @Nullable String describe(byte[] file) {
    String text = text(file);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.isBlank()) {
      return "nothing but blanks";
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.stripLeading().startsWith("version https://git-lfs")) {
      return "Git LFS pointer, not the picture itself, which `git lfs pull` brings";
    }
    if (HTML.matcher(lower).lookingAt()) {
      return "HTML page, as servers send instead of a picture";
    }
    if (SVG.matcher(lower).lookingAt()) {
      return "SVG";
    }
    if (XML.matcher(lower).lookingAt()) {
      return "XML";
    }
    return JSON.matcher(lower).lookingAt() ? "JSON" : "plain text";
  }

  /** The beginning as text; null where bytes are in it that no text has. */
  private static @Nullable String text(byte[] file) {
    String decoded = decoded(file);
    String start = decoded == null ? inAnOldCharset(file) : decoded;
    boolean plain = start.chars().noneMatch(c -> c < ' ' && !isBlank(c));
    if (!plain) {
      return null;
    }
    return start.indexOf(BYTE_ORDER_MARK) == 0 ? start.substring(1) : start;
  }

  private static @Nullable String decoded(byte[] file) {
    int length = Math.min(file.length, LOOKED_AT);
    CharBuffer text = CharBuffer.allocate(length);
    boolean broken =
        charset(file)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(file, 0, length), text, false)
            .isError();
    return broken ? null : text.flip().toString();
  }

  /** Which one does not matter for what is asked here; but most letters are plain ones. */
  private static String inAnOldCharset(byte[] file) {
    String text = new String(file, 0, Math.min(file.length, LOOKED_AT), ISO_8859_1);
    long plain = text.chars().filter(c -> c < 0x7F).count();
    return 2 * plain > text.length() ? text : "\0";
  }

  private static boolean isBlank(int c) {
    return c == '\n' || c == '\r' || c == '\t' || c == '\f';
  }

  private static Charset charset(byte[] file) {
    if (file.length >= 2 && file[0] == (byte) 0xFF && file[1] == (byte) 0xFE) {
      return UTF_16LE;
    }
    boolean big = file.length >= 2 && file[0] == (byte) 0xFE && file[1] == (byte) 0xFF;
    return big ? UTF_16BE : UTF_8;
  }
}
